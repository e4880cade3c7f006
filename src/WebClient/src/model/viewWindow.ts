import type { Message } from '../protocol/wire'
import { belongTogether } from './rows'

/**
 * Which of the held messages are on the page: a window of bounded size over the held range, moved in steps as the
 * reader scrolls. `high` is `Infinity` while the window follows the conversation's end.
 */
export type ViewWindow = { low: number; high: number }

export type HeldRange = { lowest: number; highest: number }

/**
 * Messages are laid out, painted and added to the page in chunks of so many, by `seq`. Adding one costs about as much for a
 * few messages as for one: so many fit into a frame, and fewer would only take more of them.
 */
export const chunkSize = 16

/** Enough for a high screen and what is kept ready above and below it; with days and all else the page stays far below 400 rows. */
export const windowMax = 12 * chunkSize

/** The least that a row takes, in CSS pixels: one line, with its author above it or not (styles/log.css). */
const lineMinPx = 25
const headedMinPx = 46

/** `count`: how many messages to begin with. Few are painted soon; what is missing is added while nobody waits. */
export function windowAtEnd({ lowest, highest }: HeldRange, count: number): ViewWindow {
  return { low: Math.max(lowest, highest - count + 1), high: Infinity }
}

/** The last `above` messages before this one, and from it on `below`. */
export function windowAround(seq: number, { lowest, highest }: HeldRange, above: number, below: number): ViewWindow {
  const high = seq + below - 1
  return { low: Math.max(lowest, seq - above), high: high >= highest ? Infinity : high }
}

/** Facts may fold into one row, however many they are: more than this do not stand before or behind the one that is gone to. */
const besideTargetMax = windowMax / 2

/** How many of the messages surely fill a view of so many CSS pixels, from an index on, upwards (-1) or down (1). */
export function countFilling(messages: readonly Message[], index: number, step: -1 | 1, px: number): number {
  let count = 0
  for (let filled = 0; filled < px && count < besideTargetMax; count++) {
    const message = messages[index + count * step]
    if (message === undefined) break
    filled += rowMinPx(message, messages[index + count * step - 1])
  }
  return count
}

function rowMinPx(message: Message, before: Message | undefined): number {
  // Facts of one person fold into one row.
  if (message.kind === 'system') return before?.kind === 'system' && before.author.userId === message.author.userId ? 0 : lineMinPx
  return before !== undefined && belongTogether(before, message) ? lineMinPx : headedMinPx
}

/** The messages to show: never more than the bound; who stands at the end keeps the end, others keep their place. */
export function shownRange(view: ViewWindow, { lowest, highest }: HeldRange, atEnd: boolean): HeldRange {
  const top = Math.min(highest, view.high)
  const low = Math.max(lowest, view.low)
  if (top - low < windowMax) return { lowest: low, highest: top }
  return atEnd ? { lowest: top - windowMax + 1, highest: top } : { lowest: low, highest: low + windowMax - 1 }
}

/** One more chunk above what is shown, or the rest of the one that is shown in part. */
export function moveUp(shown: HeldRange, held: HeldRange): ViewWindow {
  const low = Math.max(held.lowest, chunkOf(shown.lowest - 1) * chunkSize)
  const high = Math.min(shown.highest, low + windowMax - 1)
  return { low, high: high >= held.highest ? Infinity : high }
}

export function moveDown(shown: HeldRange, held: HeldRange): ViewWindow {
  const high = Math.min(held.highest, (chunkOf(shown.highest + 1) + 1) * chunkSize - 1)
  const low = Math.max(shown.lowest, high - windowMax + 1)
  return { low, high: high >= held.highest ? Infinity : high }
}

export function chunkOf(seq: number): number {
  return Math.floor(seq / chunkSize)
}
