// @ts-check
// A grid to type a paper sheet into: Tab and Enter go down the column and on to the top of the
// next one, as a sheet is read. Without scripts Tab goes along the rows and everything works.

const FIELDS = 'input:not([type=hidden]), select'

/**
 * The fields of a grid by column.
 * @param {HTMLTableElement} grid
 * @returns {HTMLElement[][]}
 */
function columns(grid) {
  const rows = [...(grid.tBodies[0]?.rows ?? [])]
  const fields = rows.map((row) => [...row.cells].slice(1).map((cell) => cell.querySelector(FIELDS)))
  const width = fields[0]?.length ?? 0
  return Array.from({ length: width }, (_, at) =>
    fields.map((row) => row[at]).filter((field) => field instanceof HTMLElement))
}

/**
 * Goes on from a field; leaves the key alone at either end of the grid.
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} order
 * @param {number} step
 */
function go(event, order, step) {
  const at = order.indexOf(/** @type {HTMLElement} */ (event.target))
  const next = at < 0 ? undefined : order[at + step]
  if (!next) return
  event.preventDefault()
  next.focus()
  if (next instanceof HTMLInputElement) next.select()
}

for (const grid of document.querySelectorAll('table[data-grid]')) {
  if (!(grid instanceof HTMLTableElement)) continue
  const order = columns(grid).flat()
  grid.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return
    if (event.key === 'Tab' || event.key === 'Enter') go(event, order, event.shiftKey ? -1 : 1)
  })
}
