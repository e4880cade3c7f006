import type { Change, Deletion, Message, ReactionChange, Revision } from '../protocol/wire'
import { cutQuote } from './quote'

/** What a change makes of one message that is held; the same object when it is none of its business. */
export function changeMessage(message: Message, change: Change, me: string): Message {
  switch (change.type) {
    case 'messageEdited':
      return edit(message, change.edited)
    case 'messageDeleted':
      return remove(message, change.deleted)
    case 'reactionChanged':
      return message.seq === change.reacted.seq ? react(message, change.reacted, me) : message
    case 'messagePosted':
    case 'changed':
      return message
  }
}

/** The messages after a change; the same array when it changes none of them. */
export function changeMessages(messages: readonly Message[], change: Change, me: string): readonly Message[] {
  const after = messages.map((message) => changeMessage(message, change, me))
  return after.some((message, index) => message !== messages[index]) ? after : messages
}

function edit(message: Message, edited: Revision): Message {
  if (message.seq === edited.seq) {
    const { text, version, editedAt, mentions } = edited
    const after: Message = { ...message, text, version, editedAt }
    delete after.mentions
    return mentions === undefined ? after : { ...after, mentions }
  }
  if (message.replyTo?.seq !== edited.seq) return message
  return { ...message, replyTo: { ...message.replyTo, text: cutQuote(edited.text) } }
}

function remove(message: Message, deleted: Deletion): Message {
  if (message.seq === deleted.seq) {
    const after: Message = { ...message, text: '', version: message.version + 1, deletedAt: deleted.deletedAt }
    delete after.mentions
    return after
  }
  if (message.replyTo?.seq !== deleted.seq) return message
  return { ...message, replyTo: { ...message.replyTo, text: '', deleted: true } }
}

function react(message: Message, reacted: ReactionChange, me: string): Message {
  const { emoji, count, users } = reacted
  const before = message.reactions?.find((reaction) => reaction.emoji === emoji)
  const others = (message.reactions ?? []).filter((reaction) => reaction.emoji !== emoji)
  const mine = reacted.userId === me ? reacted.added : (before?.mine ?? false)
  const reactions = count === 0 ? others : [...others, { emoji, count, users, mine }]
  if (reactions.length === 0) {
    const after = { ...message }
    delete after.reactions
    return after
  }
  return { ...message, reactions: reactions.toSorted((a, b) => byCodePoints(a.emoji, b.emoji)) }
}

/** The server's order: by code points, not by UTF-16. */
function byCodePoints(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
