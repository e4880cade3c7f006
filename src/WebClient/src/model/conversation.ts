import type { Change, Conversation, Message, Unread } from '../protocol/wire'
import { changeMessage } from './messageChanges'
import { applyToTimeline, emptyTimeline, type Timeline } from './timeline'
import { applyChanges, chooseUnread, type CountedChange } from './unreadRules'

/** What a conversation is besides its messages and counts: its line in the chat list, as of `head.rev`. */
export type Summary = Omit<Conversation, 'unread'>

/**
 * What the client holds of one conversation. Summary, counts and timeline come from different answers and are each as
 * of their own `rev`; a change goes to all three and moves those it is the next one for. Whatever stays behind
 * `knownRev` has a hole and is repaired by `Sync`.
 */
export type ConversationState = {
  id: string
  knownRev: number
  summary?: Summary
  unread?: Unread
  timeline?: Timeline
  /** The latest changes, for counts that the server read a little earlier. */
  recent: readonly CountedChange[]
  /** The last change that is known to have moved the members: whoever shows them reads them anew when it does. */
  membersRev?: number
  /** The person of a direct conversation that nobody has written in yet. */
  virtualPeer?: { userId: string; name: string }
}

const recentMax = 64
const previewScalarsMax = 200

export function unknownConversation(id: string): ConversationState {
  return { id, knownRev: 0, recent: [] }
}

/** The `rev` to call `Sync` with, or undefined when nothing is missing. */
export function missingSince(conversation: ConversationState): number | undefined {
  const { knownRev, summary, unread, timeline } = conversation
  if (summary === undefined || unread === undefined) return knownRev > 0 ? (timeline?.rev ?? 0) : undefined
  const oldest = Math.min(summary.head.rev, unread.rev, timeline?.rev ?? knownRev)
  return oldest < knownRev ? oldest : undefined
}

/** What the server says of the conversation as a whole; never replaces what is newer. */
export function learn(conversation: ConversationState, answer: Conversation, me: string): ConversationState {
  const { unread, ...summary } = answer
  const known = conversation.summary
  const learnt: ConversationState = {
    ...conversation,
    summary: known === undefined || summary.head.rev >= known.head.rev ? summary : known,
    knownRev: Math.max(conversation.knownRev, summary.head.rev, unread.rev),
  }
  return learnUnread(learnt, unread, me)
}

export function learnUnread(conversation: ConversationState, answer: Unread, me: string): ConversationState {
  const { summary, recent } = conversation
  const chosen = conversation.unread === undefined ? answer : chooseUnread(conversation.unread, answer)
  const moved = summary === undefined ? chosen : (applyChanges(chosen, recent, me, summary.kind) ?? chosen)
  return { ...conversation, unread: moved, knownRev: Math.max(conversation.knownRev, answer.rev) }
}

/** Applies a change as often as it comes: what already has it ignores it, what misses one before it waits for `Sync`. */
export function applyChange(conversation: ConversationState, change: Change, me: string): ConversationState {
  const { summary, unread, timeline } = conversation
  const applied: ConversationState = {
    ...conversation,
    knownRev: Math.max(conversation.knownRev, change.rev),
    recent: remember(conversation.recent, change),
  }
  if (summary !== undefined) applied.summary = applyToSummary(summary, change, me)
  if (summary !== undefined && unread !== undefined) {
    applied.unread = applyChanges(unread, [change], me, summary.kind) ?? unread
  }
  if (movesMembers(change)) applied.membersRev = Math.max(conversation.membersRev ?? 0, change.rev)
  if (timeline !== undefined) applied.timeline = applyToTimeline(timeline, change, me)
  return applied
}

function movesMembers(change: Change): boolean {
  if (change.type !== 'messagePosted') return false
  const kind = change.message.fact?.kind
  return kind === 'added' || kind === 'removed' || kind === 'left'
}

/** Whether this change takes the conversation away from me. */
export function removesMe(change: Change, me: string): boolean {
  if (change.type !== 'messagePosted') return false
  const { fact, author } = change.message
  if (fact === undefined) return false
  return (fact.kind === 'removed' && fact.targets.includes(me)) || (fact.kind === 'left' && author.userId === me)
}

/** What stays of a conversation that the server calls gone: a person to write to, if it was not begun. */
export function forget(conversation: ConversationState): ConversationState | undefined {
  const { id, virtualPeer } = conversation
  return virtualPeer === undefined ? undefined : { id, virtualPeer, knownRev: 0, recent: [], timeline: emptyTimeline }
}

function applyToSummary(summary: Summary, change: Change, me: string): Summary {
  if (change.rev !== summary.head.rev + 1) return summary
  switch (change.type) {
    case 'changed':
    case 'reactionChanged':
      return { ...summary, head: { ...summary.head, rev: change.rev } }
    case 'messageEdited': {
      const moved: Summary = { ...summary, head: { ...summary.head, rev: change.rev } }
      if (summary.lastMessage?.seq === change.edited.seq) moved.lastMessage = preview(changeMessage(summary.lastMessage, change, me))
      return moved
    }
    case 'messageDeleted': {
      const { seq, lastMessage, lastActivity } = change.deleted
      const moved: Summary = { ...summary, head: { ...summary.head, rev: change.rev } }
      if (summary.lastMessage?.seq !== seq || lastActivity === undefined) return moved
      delete moved.lastMessage
      return { ...moved, lastActivity, ...(lastMessage === undefined ? {} : { lastMessage }) }
    }
    case 'messagePosted': {
      const { message } = change
      const moved: Summary = { ...summary, head: { rev: change.rev, seq: Math.max(summary.head.seq, message.seq) } }
      if (message.kind === 'text') {
        moved.lastActivity = message.time
        moved.lastMessage = preview(message)
      } else if (message.fact?.kind === 'renamed' && message.fact.after !== undefined) {
        moved.title = message.fact.after
      }
      return moved
    }
  }
}

function preview(message: Message): Message {
  const cut: Message = { ...message, text: Array.from(message.text).slice(0, previewScalarsMax).join('') }
  delete cut.replyTo
  delete cut.reactions
  return cut
}

function remember(recent: readonly CountedChange[], change: Change): readonly CountedChange[] {
  const last = recent.at(-1)
  if (last === undefined || change.rev === last.rev + 1) return [...recent, change].slice(-recentMax)
  // After a hole only what follows it is of use; what is known already is not kept twice.
  return change.rev > last.rev ? [change] : recent
}
