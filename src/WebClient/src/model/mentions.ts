import type { Mention } from '../protocol/wire'
import type { ChatAction, ContentEvent } from './chatState'
import { removesMe } from './conversation'
import { changeMessage } from './messageChanges'

/** The mentions view: messages that mention me by name, newest first, as far as they were read. */
export type MentionsState = {
  unreadOnly: boolean
  items: readonly Mention[]
  /** Continues the list; undefined at its end. */
  next: string | undefined
  /** Whether the first page has been read, for this choice of `unreadOnly`. */
  loaded: boolean
}

export type MentionsAction =
  | { type: 'mentionsWanted'; unreadOnly: boolean }
  | { type: 'mentionsRead'; unreadOnly: boolean; mentions: readonly Mention[]; next: string | undefined; first: boolean }
  | { type: 'mentionMarked'; conversationId: string; seq: number; done: boolean }

export const noMentions: MentionsState = { unreadOnly: false, items: [], next: undefined, loaded: false }

/** What is deleted, or mentions me no more, goes; what a cursor passes is read (M9, M10, N10). */
export function reduceMentions(state: MentionsState, action: ChatAction, me: string): MentionsState {
  switch (action.type) {
    case 'mentionsWanted':
      return action.unreadOnly === state.unreadOnly ? state : { ...noMentions, unreadOnly: action.unreadOnly }
    case 'mentionsRead':
      return readPage(state, action)
    case 'mentionMarked':
      return change(state, (item) =>
        item.conversationId === action.conversationId && item.message.seq === action.seq
          ? { ...item, done: action.done }
          : item,
      )
    case 'unreadRead':
      return readUpTo(state, action.conversationId, action.unread.readSeq)
    case 'eventReceived':
      return applyEvent(state, action.event, me)
    default:
      return state
  }
}

function readPage(state: MentionsState, page: Extract<MentionsAction, { type: 'mentionsRead' }>): MentionsState {
  if (page.unreadOnly !== state.unreadOnly) return state
  const known = page.first ? [] : state.items
  const keys = new Set(known.map(keyOf))
  const items = [...known, ...page.mentions.filter((mention) => !keys.has(keyOf(mention)))]
  return { ...state, items, next: page.next, loaded: true }
}

function applyEvent(state: MentionsState, event: ContentEvent, me: string): MentionsState {
  switch (event.type) {
    case 'messageDeleted':
      return drop(state, event.conversationId, event.deleted.seq)
    case 'messageEdited': {
      const { seq, mentions } = event.edited
      if (mentions?.users.includes(me) !== true) return drop(state, event.conversationId, seq)
      return change(state, (item) => {
        if (item.conversationId !== event.conversationId) return item
        const message = changeMessage(item.message, event, me)
        return message === item.message ? item : { ...item, message }
      })
    }
    case 'readCursorMoved':
    case 'notificationsChanged':
      return readUpTo(state, event.conversationId, event.unread.readSeq)
    case 'messagePosted':
      return removesMe(event, me) ? keep(state, (item) => item.conversationId !== event.conversationId) : state
    case 'reactionChanged':
    case 'changed':
      return state
  }
}

function readUpTo(state: MentionsState, conversationId: string, readSeq: number): MentionsState {
  return change(state, (item) => {
    const unread = item.message.seq > readSeq
    return item.conversationId === conversationId && item.unread !== unread ? { ...item, unread } : item
  })
}

function drop(state: MentionsState, conversationId: string, seq: number): MentionsState {
  return keep(state, (item) => item.conversationId !== conversationId || item.message.seq !== seq)
}

function keep(state: MentionsState, stays: (item: Mention) => boolean): MentionsState {
  return state.items.every(stays) ? state : { ...state, items: state.items.filter(stays) }
}

function change(state: MentionsState, of: (item: Mention) => Mention): MentionsState {
  const items = state.items.map(of)
  return items.every((item, index) => item === state.items[index]) ? state : { ...state, items }
}

function keyOf({ conversationId, message }: Mention): string {
  return `${conversationId} ${message.seq}`
}
