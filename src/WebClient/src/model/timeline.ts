import type { Change, Head, Message } from '../protocol/wire'
import { changeMessages } from './messageChanges'

/**
 * The messages of one conversation that the client holds: one range of `seq` without a hole, as of `rev`. It need not
 * reach the conversation's end: who reads last year's messages holds last year's.
 */
export type Timeline = {
  messages: readonly Message[]
  /** The change the range is up to date with. */
  rev: number
  /** Messages of the conversation as of `rev`. */
  headSeq: number
}

/** More than anybody scrolls through at once; beyond it the far end of the range is let go. */
export const heldMessagesMax = 4_000

export const emptyTimeline: Timeline = { messages: [], rev: 0, headSeq: 0 }

export type HistoryPage = { messages: readonly Message[]; head: Head }

export function lowestSeq(timeline: Timeline): number {
  return timeline.messages[0]?.seq ?? timeline.headSeq + 1
}

export function highestSeq(timeline: Timeline): number {
  return timeline.messages.at(-1)?.seq ?? timeline.headSeq
}

/** Undefined: it is not held. */
export function messageAt(timeline: Timeline | undefined, seq: number | undefined): Message | undefined {
  const first = timeline?.messages[0]?.seq
  return first === undefined || seq === undefined ? undefined : timeline?.messages[seq - first]
}

export function reachesStart(timeline: Timeline): boolean {
  return lowestSeq(timeline) <= 1
}

export function reachesEnd(timeline: Timeline): boolean {
  return highestSeq(timeline) >= timeline.headSeq
}

/** A first page, or a jump to somewhere else. */
export function timelineOf(page: HistoryPage): Timeline {
  return { messages: page.messages, rev: page.head.rev, headSeq: page.head.seq }
}

/** Adds a page that was asked for at one end of the range. A page that does not join it any more changes nothing. */
export function joinPage(timeline: Timeline, page: HistoryPage, side: 'before' | 'after'): Timeline {
  const headSeq = Math.max(timeline.headSeq, page.head.seq)
  if (side === 'before') {
    const low = lowestSeq(timeline)
    const older = page.messages.filter((message) => message.seq < low)
    if (older.length === 0 || older.at(-1)?.seq !== low - 1) return timeline
    return { ...timeline, messages: [...older, ...timeline.messages].slice(0, heldMessagesMax) }
  }
  const high = highestSeq(timeline)
  const newer = page.messages.filter((message) => message.seq > high)
  if (newer.length === 0 || newer[0]?.seq !== high + 1) return timeline
  return { ...timeline, headSeq, messages: [...timeline.messages, ...newer].slice(-heldMessagesMax) }
}

/** Applies the change with the next `rev`; an older one is known already, a later one leaves a hole for `Sync`. */
export function applyToTimeline(timeline: Timeline, change: Change, me: string): Timeline {
  if (change.rev !== timeline.rev + 1) return timeline
  switch (change.type) {
    case 'changed':
      return { ...timeline, rev: change.rev }
    case 'messageEdited':
    case 'messageDeleted':
    case 'reactionChanged':
      return { ...timeline, rev: change.rev, messages: changeMessages(timeline.messages, change, me) }
    case 'messagePosted': {
      const { message } = change
      const headSeq = Math.max(timeline.headSeq, message.seq)
      // A page that was read a moment later may hold the message already; a range that ends earlier only counts it.
      const joins = highestSeq(timeline) === message.seq - 1 && reachesEnd(timeline)
      return { rev: change.rev, headSeq, messages: joins ? [...timeline.messages, message] : timeline.messages }
    }
  }
}

/** What is kept of a conversation that is not looked at: its end, if it is held. */
export function shrink(timeline: Timeline, toCount: number): Timeline | undefined {
  if (!reachesEnd(timeline)) return undefined
  return { ...timeline, messages: timeline.messages.slice(-toCount) }
}
