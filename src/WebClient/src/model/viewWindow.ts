/**
 * Which of the held messages are on the page: a window of bounded size over the held range, moved in steps as the
 * reader scrolls. `high` is `Infinity` while the window follows the conversation's end.
 */
export type ViewWindow = { low: number; high: number }

export type HeldRange = { lowest: number; highest: number }

/** Together with days, dividers and pending messages the page stays below 400 rows. */
export const windowMax = 280
const windowStep = 90
const firstWindow = 120
const aboveTarget = 40

export function windowAtEnd({ lowest, highest }: HeldRange): ViewWindow {
  return { low: Math.max(lowest, highest - firstWindow + 1), high: Infinity }
}

export function windowAround(seq: number, { lowest, highest }: HeldRange): ViewWindow {
  const low = Math.max(lowest, seq - aboveTarget)
  const high = low + firstWindow - 1
  return { low, high: high >= highest ? Infinity : high }
}

/** The messages to show: never more than the bound; who stands at the end keeps the end, others keep their place. */
export function shownRange(view: ViewWindow, { lowest, highest }: HeldRange, atEnd: boolean): HeldRange {
  const top = Math.min(highest, view.high)
  const low = Math.max(lowest, view.low)
  if (top - low < windowMax) return { lowest: low, highest: top }
  return atEnd ? { lowest: top - windowMax + 1, highest: top } : { lowest: low, highest: low + windowMax - 1 }
}

export function moveUp(shown: HeldRange, held: HeldRange): ViewWindow {
  const low = Math.max(held.lowest, shown.lowest - windowStep)
  const high = Math.min(shown.highest, low + windowMax - 1)
  return { low, high: high >= held.highest ? Infinity : high }
}

export function moveDown(shown: HeldRange, held: HeldRange): ViewWindow {
  const high = Math.min(held.highest, shown.highest + windowStep)
  const low = Math.max(shown.lowest, high - windowMax + 1)
  return { low, high: high >= held.highest ? Infinity : high }
}
