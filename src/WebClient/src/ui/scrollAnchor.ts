/** A message and where its upper edge stands, seen from the upper edge of the view. */
export type ScrollAnchor = { seq: string; top: number }

/** How much of the view is left above the divider: a little of what was read already. */
const aboveDivider = 0.25

/** The first message in view. */
export function anchorIn(viewport: HTMLElement): ScrollAnchor | undefined {
  const viewTop = viewport.getBoundingClientRect().top
  for (const row of viewport.querySelectorAll<HTMLElement>('[data-seq]')) {
    const { top, bottom } = row.getBoundingClientRect()
    if (bottom > viewTop) return { seq: row.dataset['seq'] ?? '', top: top - viewTop }
  }
  return undefined
}

export function scrollToAnchor(viewport: HTMLElement, anchor: ScrollAnchor | undefined): void {
  if (anchor === undefined) return
  const row = viewport.querySelector(`[data-seq="${CSS.escape(anchor.seq)}"]`)
  if (row === null) return
  const moved = row.getBoundingClientRect().top - viewport.getBoundingClientRect().top - anchor.top
  // Below a pixel it is rounding; writing the same place back would stop a scroll that is under way.
  if (Math.abs(moved) >= 1) viewport.scrollTop += moved
}

export function scrollToDivider(viewport: HTMLElement): void {
  const divider = viewport.querySelector('[data-divider]')
  if (divider === null) {
    viewport.scrollTop = viewport.scrollHeight
    return
  }
  const top = divider.getBoundingClientRect().top - viewport.getBoundingClientRect().top
  viewport.scrollTop += top - viewport.clientHeight * aboveDivider
}
