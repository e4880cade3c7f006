import type { Message } from '../protocol/wire'
import type { ConversationState } from './conversation'

/** Why a message notifies; the server's `WhyNotified` says the same words. */
export type NotifyingReason = 'mention' | 'wideMention' | 'direct' | 'levelAll' | 'added'

/**
 * Whether a message notifies me, by what I chose for its conversation (N5, N7): a mention by name always does; muted,
 * nothing else does. Undefined: it does not. Whether it is shown is another question (`popupOutcome`).
 */
export function notifyingReason(
  message: Message,
  conversation: Pick<ConversationState, 'summary' | 'unread'>,
  me: string,
  now: number,
): NotifyingReason | undefined {
  const { summary, unread } = conversation
  if (summary === undefined || message.deletedAt !== undefined) return undefined
  const { fact, author, mentions } = message
  if (message.kind === 'system') return fact?.kind === 'added' && fact.targets.includes(me) ? 'added' : undefined
  if (author.userId === me) return undefined
  if (mentions?.users.includes(me) === true) return 'mention'
  if (isMuted(unread?.mutedFrom, unread?.mutedUntil, now)) return undefined
  const level = summary.level === 'default' ? (summary.kind === 'direct' ? 'all' : 'mentions') : summary.level
  if (level === 'nothing') return undefined
  if (mentions?.all === true || mentions?.here.includes(me) === true) return 'wideMention'
  if (level !== 'all') return undefined
  return summary.kind === 'direct' ? 'direct' : 'levelAll'
}

export function isMuted(from: string | undefined, until: string | undefined, now: number): boolean {
  return from !== undefined && Date.parse(from) <= now && (until === undefined || now < Date.parse(until))
}

/** What one of a person's tabs shows, and whether somebody is there. */
export type Attention = { openId: string | undefined; focused: boolean; lastInput: number }

/** Who has done nothing for so long may not be there any more (N8). */
export const activeForMs = 60_000

/** Somebody looks at this conversation right now, in whichever tab: a popup would only tell what is seen (N8). */
export function isLookedAt(conversationId: string, tabs: readonly Attention[], now: number): boolean {
  return tabs.some((tab) => tab.openId === conversationId && tab.focused && now - tab.lastInput < activeForMs)
}

/** What becomes of a message that notifies me. */
export function popupOutcome(
  conversationId: string,
  tabs: readonly Attention[],
  doNotDisturb: boolean,
  now: number,
): 'shown' | 'heldByFocus' | 'heldByDnd' {
  if (isLookedAt(conversationId, tabs, now)) return 'heldByFocus'
  return doNotDisturb ? 'heldByDnd' : 'shown'
}
