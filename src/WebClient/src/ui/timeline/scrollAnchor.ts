/** A message and where its upper edge stands, seen from the upper edge of the view, when scrolled to `scrollTop`. */
export type ScrollAnchor = { seq: number; top: number; scrollTop: number }

/** How much of the view is left above what was gone to: a little of what stands before it. */
const aboveTarget = 0.25

/** The first message in view. */
export function anchorIn(viewport: HTMLElement): ScrollAnchor | undefined {
  const viewTop = viewport.getBoundingClientRect().top
  const row = firstWhere(rowsIn(viewport), (candidate) => candidate.getBoundingClientRect().bottom > viewTop)
  if (row === undefined) return undefined
  return { seq: seqOf(row), top: row.getBoundingClientRect().top - viewTop, scrollTop: viewport.scrollTop }
}

export function scrollToAnchor(viewport: HTMLElement, anchor: ScrollAnchor | undefined): void {
  if (anchor === undefined) return
  const row = rowAt(viewport, anchor.seq)
  if (row === undefined) return
  const top = anchor.top - scrolledSince(viewport, anchor)
  const moved = row.getBoundingClientRect().top - viewport.getBoundingClientRect().top - top
  // Below a pixel it is rounding; writing the same place back would stop a scroll that is under way.
  if (Math.abs(moved) >= 1) viewport.scrollTop += moved
}

/**
 * How far the reader has scrolled since the anchor was taken: a browser scrolls before it says so, and that must not be
 * taken back. A view that stands at its lower edge was pushed there by rows that went away.
 */
function scrolledSince(viewport: HTMLElement, anchor: ScrollAnchor): number {
  const scrolled = viewport.scrollTop - anchor.scrollTop
  const atLowerEdge = viewport.scrollHeight - viewport.clientHeight - viewport.scrollTop < 1
  return scrolled < 0 && atLowerEdge ? 0 : scrolled
}

export function scrollToDivider(viewport: HTMLElement): void {
  scrollToRow(viewport, viewport.querySelector('[data-divider]'))
}

export function scrollToMessage(viewport: HTMLElement, seq: number | undefined): void {
  scrollToRow(viewport, seq === undefined ? null : (rowAt(viewport, seq) ?? null))
}

/** The row of a message; facts that are folded have that of the last of them. */
export function rowAt(viewport: HTMLElement, seq: number): HTMLElement | undefined {
  return firstWhere(rowsIn(viewport), (row) => seqOf(row) >= seq)
}

function scrollToRow(viewport: HTMLElement, row: Element | null): void {
  if (row === null) {
    viewport.scrollTop = viewport.scrollHeight
    return
  }
  const top = row.getBoundingClientRect().top - viewport.getBoundingClientRect().top
  viewport.scrollTop += top - viewport.clientHeight * aboveTarget
}

/** The rows of each log, until they change: they are looked at with every frame of a scroll. */
const rowsOf = new WeakMap<HTMLElement, readonly HTMLElement[]>()

/** Rows have come or gone. */
export function forgetRows(viewport: HTMLElement): void {
  rowsOf.delete(viewport)
}

function rowsIn(viewport: HTMLElement): readonly HTMLElement[] {
  let rows = rowsOf.get(viewport)
  if (rows === undefined) {
    rows = [...viewport.getElementsByClassName('row')].filter((row) => row instanceof HTMLElement)
    rowsOf.set(viewport, rows)
  }
  return rows
}

/** The rows of which something is in view: how much of each, as a share and in CSS pixels. */
export function rowsInView(viewport: HTMLElement): { seq: number; ratio: number; height: number }[] {
  const view = viewport.getBoundingClientRect()
  const rows = rowsIn(viewport)
  const first = firstWhere(rows, (row) => row.getBoundingClientRect().bottom > view.top)
  const inView = []
  for (let index = first === undefined ? rows.length : rows.indexOf(first); index < rows.length; index++) {
    const row = rows[index]
    if (row === undefined) break
    const { top, bottom, height: whole } = row.getBoundingClientRect()
    if (top >= view.bottom) break
    const height = Math.min(bottom, view.bottom) - Math.max(top, view.top)
    inView.push({ seq: seqOf(row), ratio: whole === 0 ? 0 : height / whole, height })
  }
  return inView
}

export function seqOf(row: HTMLElement): number {
  return Number(row.dataset['seq'])
}

/** Rows stand in order of `seq` and of place: a few looks find the first for which something holds that holds for all after it. */
function firstWhere(rows: readonly HTMLElement[], holds: (row: HTMLElement) => boolean): HTMLElement | undefined {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const row = rows[middle]
    if (row !== undefined && holds(row)) high = middle
    else low = middle + 1
  }
  return rows[low]
}
