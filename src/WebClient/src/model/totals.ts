import type { ConversationKind, Unread } from '../protocol/wire'
import { isMuted } from './notificationRule'

/** What is unread in all conversations, for the tab and whoever shows the chat in a frame. */
export type Totals = { mentions: number; unread: number }

/** Of a muted conversation only mentions by name count, so of a muted direct one nothing (U2, U11). */
export function totalsOf(
  conversations: ReadonlyMap<string, { summary?: { kind: ConversationKind }; unread?: Unread }>,
  now: number,
): Totals {
  let mentions = 0
  let messages = 0
  for (const { summary, unread } of conversations.values()) {
    if (unread === undefined) continue
    const muted = isMuted(unread.mutedFrom, unread.mutedUntil, now)
    if (!muted) messages += unread.unread
    if (!(muted && summary?.kind === 'direct')) mentions += unread.mentions
  }
  return { mentions, unread: messages }
}
