// @ts-check
// What every page does when scripts run: pages that watch a division fetch their changed part
// when the server says that something changed. Without scripts a reload shows the same.

/** The part of the page that follows the server, if there is one. */
const live = document.querySelector('[data-live]')

/** Fetches the page anew and puts its live part in place of the one shown. */
async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (!answer.ok) return
  // Signed out or locked meanwhile: the page says so instead of standing still.
  if (['/unlock', '/sign-in'].includes(new URL(answer.url).pathname)) return location.assign(answer.url)
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-live]')
  const shown = document.querySelector('[data-live]')
  if (!fresh || !shown) return
  // A form that somebody is filling in is not taken from under the fingers.
  if (shown.contains(document.activeElement) && document.activeElement?.matches('input, textarea, select')) return
  shown.replaceWith(fresh)
}

if (live instanceof HTMLElement && live.dataset.live) {
  let under_way = false
  let again = false
  const changed = async () => {
    if (under_way) {
      again = true
      return
    }
    under_way = true
    do {
      again = false
      await refresh().catch(() => {})
    } while (again)
    under_way = false
  }
  new EventSource(live.dataset.live).addEventListener('changed', changed)
}
