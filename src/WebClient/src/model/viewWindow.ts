/**
 * Which of the held messages are on the page: a window of bounded size over the held range, moved in steps as the
 * reader scrolls. `high` is `Infinity` while the window follows the conversation's end.
 */
export type ViewWindow = { low: number; high: number }

export type HeldRange = { lowest: number; highest: number }

/** Enough for a high screen and what is kept ready above and below it; with days and all else the page stays far below 400 rows. */
export const windowMax = 200

/** Of the first window this part stands before what was gone to. */
const aboveTarget = 0.4

/** `count`: how many messages to begin with. Few are painted soon; what is missing is added while nobody waits. */
export function windowAtEnd({ lowest, highest }: HeldRange, count: number): ViewWindow {
  return { low: Math.max(lowest, highest - count + 1), high: Infinity }
}

export function windowAround(seq: number, { lowest, highest }: HeldRange, count: number): ViewWindow {
  const low = Math.max(lowest, seq - Math.floor(count * aboveTarget))
  const high = low + count - 1
  return { low, high: high >= highest ? Infinity : high }
}

/** The messages to show: never more than the bound; who stands at the end keeps the end, others keep their place. */
export function shownRange(view: ViewWindow, { lowest, highest }: HeldRange, atEnd: boolean): HeldRange {
  const top = Math.min(highest, view.high)
  const low = Math.max(lowest, view.low)
  if (top - low < windowMax) return { lowest: low, highest: top }
  return atEnd ? { lowest: top - windowMax + 1, highest: top } : { lowest: low, highest: low + windowMax - 1 }
}

export function moveUp(shown: HeldRange, held: HeldRange, step: number): ViewWindow {
  const low = Math.max(held.lowest, shown.lowest - step)
  const high = Math.min(shown.highest, low + windowMax - 1)
  return { low, high: high >= held.highest ? Infinity : high }
}

export function moveDown(shown: HeldRange, held: HeldRange, step: number): ViewWindow {
  const high = Math.min(held.highest, shown.highest + step)
  const low = Math.max(shown.lowest, high - windowMax + 1)
  return { low, high: high >= held.highest ? Infinity : high }
}

/** What adding one message to the page costs, as far as the last steps tell: a slow moment alone says little. */
export function nextCost(costMs: number, step: number, tookMs: number): number {
  return costMs * (1 - newestShare) + (tookMs / step) * newestShare
}

/** How many messages to add in one frame, so that it stays within its time. `soon`: they are needed right now. */
export function stepFor(costMs: number, soon: boolean): number {
  const step = Math.floor((soon ? 2 : 1) * (stepBudgetMs / Math.max(costMs, 0.01)))
  return Math.max(stepMin, Math.min(stepMax, step))
}

/** Before anything is known. */
export const firstCostMs = 1
const newestShare = 0.2
const stepMin = 2
const stepMax = 24
const stepBudgetMs = 4
