/** A message and where its upper edge stands, seen from the upper edge of the view, when scrolled to `scrollTop`. */
export type ScrollAnchor = { seq: number; top: number; scrollTop: number }

/** How much of the view is left above what was gone to: a little of what stands before it. */
const aboveTarget = 0.25

/** The first message in view. */
export function anchorIn(viewport: HTMLElement): ScrollAnchor | undefined {
  const viewTop = viewport.getBoundingClientRect().top
  const row = rowsIn(viewport)[firstInView(viewport, viewTop)]
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
  const rows = rowsIn(viewport)
  return rows[firstWhere(rows, (row) => seqOf(row) >= seq)]
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

/** Where the first row in view was when it was last looked for: with the next frame of a scroll it is near there. */
const firstOf = new WeakMap<HTMLElement, number>()
const nearSteps = 4

/** The index of the first row whose lower edge is below the view's upper one. */
function firstInView(viewport: HTMLElement, viewTop: number): number {
  const rows = rowsIn(viewport)
  const isBelow = (row: HTMLElement | undefined) => row === undefined || row.getBoundingClientRect().bottom > viewTop
  let index = Math.min(firstOf.get(viewport) ?? rows.length, rows.length)
  for (let step = 0; step < nearSteps; step++) {
    if (!isBelow(rows[index])) index++
    else if (index > 0 && isBelow(rows[index - 1])) index--
    else {
      firstOf.set(viewport, index)
      return index
    }
  }
  index = firstWhere(rows, isBelow)
  firstOf.set(viewport, index)
  return index
}

/** The rows after the message `after` of which something is in view: how much of each, as a share and in CSS pixels. */
export function rowsInView(viewport: HTMLElement, after: number): { seq: number; ratio: number; height: number }[] {
  const rows = rowsIn(viewport)
  const next = firstWhere(rows, (row) => seqOf(row) > after)
  if (next === rows.length) return []
  const view = viewport.getBoundingClientRect()
  const inView = []
  for (let index = Math.max(next, firstInView(viewport, view.top)); index < rows.length; index++) {
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
function firstWhere(rows: readonly HTMLElement[], holds: (row: HTMLElement) => boolean): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const row = rows[middle]
    if (row !== undefined && holds(row)) high = middle
    else low = middle + 1
  }
  return low
}
