/**
 * Which of the held messages are on the page: a window of bounded size over the held range, moved in steps as the
 * reader scrolls. `high` is `Infinity` while the window follows the conversation's end.
 */
export type ViewWindow = { low: number; high: number }

export type HeldRange = { lowest: number; highest: number }

/** Together with days, dividers and pending messages the page stays below 400 rows. */
export const windowMax = 280

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

/** How many messages to add in one frame, so that it stays within its time: by what the last step cost. */
export function nextStep(step: number, tookMs: number): number {
  const wanted = tookMs <= 0 ? stepMax : Math.round((step * stepBudgetMs) / tookMs)
  // Not all at once: one slow frame, or one with short messages, says little.
  return Math.max(stepMin, Math.min(stepMax, wanted, step * 2))
}

export const stepMin = 3
export const stepMax = 30
const stepBudgetMs = 6
