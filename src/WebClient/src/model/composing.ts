import type { Change, Message } from '../protocol/wire'
import type { ChatAction } from './chatState'

/** What the next message of a conversation is besides its text: an answer to another one, or a new text of my own. */
export type Composing = {
  /** The message that is answered, as it stands now. */
  replyTo?: Message
  /** The message whose text is replaced, as it was when I began: an edit names the version it saw (M3). */
  editing?: Message
}

export type ComposingState = ReadonlyMap<string, Composing>

export const nothingComposed: ComposingState = new Map()

export type ComposingAction =
  | { type: 'replyChosen'; conversationId: string; message: Message }
  | { type: 'replyDropped'; conversationId: string }
  | { type: 'editChosen'; conversationId: string; message: Message }
  | { type: 'editDropped'; conversationId: string }

/** An edit and an answer exclude each other: what was chosen last counts. */
export function reduceComposing(composing: ComposingState, action: ChatAction): ComposingState {
  switch (action.type) {
    case 'replyChosen':
      return set(composing, action.conversationId, { replyTo: action.message })
    case 'editChosen':
      return set(composing, action.conversationId, { editing: action.message })
    case 'replyDropped':
    case 'editDropped':
      return set(composing, action.conversationId, {})
    case 'messageWritten':
      return set(composing, action.entry.conversationId, {})
    default:
      return composing
  }
}

/** What is answered stands as it is; what is deleted is neither answered nor edited (M10). */
export function changeComposing(composing: ComposingState, conversationId: string, change: Change): ComposingState {
  const { replyTo, editing } = composing.get(conversationId) ?? {}
  if (change.type === 'messageDeleted') {
    const { seq } = change.deleted
    return replyTo?.seq === seq || editing?.seq === seq ? set(composing, conversationId, {}) : composing
  }
  if (change.type !== 'messageEdited' || replyTo?.seq !== change.edited.seq) return composing
  const { text, version } = change.edited
  return version > replyTo.version ? set(composing, conversationId, { replyTo: { ...replyTo, text, version } }) : composing
}

/** What was answered may have been deleted unnoticed: the conversation is gone, or too much of it was missed. */
export function forgetReply(composing: ComposingState, conversationId: string): ComposingState {
  return composing.get(conversationId)?.replyTo === undefined ? composing : set(composing, conversationId, {})
}

function set(composing: ComposingState, conversationId: string, next: Composing): ComposingState {
  const empty = next.replyTo === undefined && next.editing === undefined
  if (empty && !composing.has(conversationId)) return composing
  const after = new Map(composing)
  if (empty) after.delete(conversationId)
  else after.set(conversationId, next)
  return after
}
