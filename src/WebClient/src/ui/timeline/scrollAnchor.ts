/** A message and where its upper edge stands, seen from the upper edge of the view, when scrolled to `scrollTop`. */
export type ScrollAnchor = { seq: string; top: number; scrollTop: number }

/** How much of the view is left above what was gone to: a little of what stands before it. */
const aboveTarget = 0.25

/** The first message in view. */
export function anchorIn(viewport: HTMLElement): ScrollAnchor | undefined {
  const viewTop = viewport.getBoundingClientRect().top
  for (const row of viewport.querySelectorAll<HTMLElement>('[data-seq]')) {
    const { top, bottom } = row.getBoundingClientRect()
    if (bottom > viewTop) return { seq: row.dataset['seq'] ?? '', top: top - viewTop, scrollTop: viewport.scrollTop }
  }
  return undefined
}

export function scrollToAnchor(viewport: HTMLElement, anchor: ScrollAnchor | undefined): void {
  if (anchor === undefined) return
  const row = viewport.querySelector(`[data-seq="${CSS.escape(anchor.seq)}"]`)
  if (row === null) return
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
  scrollToRow(viewport, viewport.querySelector(`[data-seq="${seq ?? ''}"]`))
}

function scrollToRow(viewport: HTMLElement, row: Element | null): void {
  if (row === null) {
    viewport.scrollTop = viewport.scrollHeight
    return
  }
  const top = row.getBoundingClientRect().top - viewport.getBoundingClientRect().top
  viewport.scrollTop += top - viewport.clientHeight * aboveTarget
}
