// @ts-check
// What every page does when scripts run: pages that watch a division fetch their changed part
// when the server says that something changed, and a wall also each minute, because its clock runs
// on. Without scripts a reload shows the same.

/** The part of the page that follows the server, if there is one. */
const live = document.querySelector('[data-live]')

/**
 * Puts a part of the fresh page in place of the one shown, unless somebody is filling in a form in
 * it: that is not taken from under the fingers.
 * @param {Document} page
 * @param {string} part
 */
function put(page, part) {
  const [fresh, shown] = [page.querySelector(part), document.querySelector(part)]
  if (!fresh || !shown) return
  if (shown.contains(document.activeElement) && document.activeElement?.matches('input, textarea, select')) return
  shown.replaceWith(fresh)
}

/**
 * A page that could not be renewed says so.
 * @param {boolean} is
 */
const stale = (is) => document.body.toggleAttribute('data-stale', is)

/** Fetches the page anew and shows what changed: its live part, and what waits at other places. */
async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: 'text/html', 'x-looks-for-news': '1' } })
  if (!answer.ok) throw new Error(`${answer.status}`)
  // Signed out or locked meanwhile: the page says so instead of standing still.
  if (['/unlock', '/sign-in'].includes(new URL(answer.url).pathname)) return location.assign(answer.url)
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  put(page, '[data-live]')
  put(page, '.places')
  stale(false)
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
      await refresh().catch(() => stale(true))
    } while (again)
    under_way = false
  }
  const address = live.dataset.live
  // What changed while there was no connection was told to nobody: whoever comes back looks.
  let opened = false
  const watch = () => {
    const events = new EventSource(address)
    events.addEventListener('changed', changed)
    events.addEventListener('open', () => {
      if (opened) changed()
      opened = true
    })
    events.addEventListener('error', () => {
      stale(true)
      // The browser calls again by itself, unless it was refused: then the page says why (signed out
      // or locked meanwhile), or the server is coming up again.
      if (events.readyState !== EventSource.CLOSED) return
      changed()
      setTimeout(watch, 10_000)
    })
  }
  watch()
  if (live.dataset.seconds) setInterval(changed, Number(live.dataset.seconds) * 1000)
}
