import type { FoundMessage } from '../protocol/wire'
import type { ChatAction, ContentEvent } from './chatState'
import { removesMe } from './conversation'
import { changeMessage } from './messageChanges'

/** A search and what it has found so far, newest first. */
export type SearchState = {
  query: string
  status: 'idle' | 'searching' | 'done' | 'refused' | 'unreachable'
  found: readonly FoundMessage[]
  next: string | undefined
  /** Of a query that cannot be understood: why, in the server's words for people. */
  problem: string | undefined
}

export type SearchAction =
  | { type: 'searchBegan'; query: string }
  | { type: 'searchContinued' }
  | { type: 'searchAnswered'; query: string; messages: readonly FoundMessage[]; next: string | undefined }
  | { type: 'searchRefused'; query: string; problem: string | undefined }

export const noSearch: SearchState = { query: '', status: 'idle', found: [], next: undefined, problem: undefined }

/** An answer of an earlier query is not this one's; what is deleted or was taken from me goes at once (M10, L6). */
export function reduceSearch(state: SearchState, action: ChatAction, me: string): SearchState {
  switch (action.type) {
    case 'searchBegan':
      return action.query === '' ? noSearch : { ...noSearch, query: action.query, status: 'searching' }
    case 'searchContinued':
      return { ...state, status: 'searching' }
    case 'searchAnswered':
      if (action.query !== state.query) return state
      return { ...state, status: 'done', found: [...state.found, ...action.messages], next: action.next }
    case 'searchRefused':
      if (action.query !== state.query) return state
      return { ...state, status: action.problem === undefined ? 'unreachable' : 'refused', problem: action.problem }
    case 'eventReceived':
      return applyEvent(state, action.event, me)
    default:
      return state
  }
}

function applyEvent(state: SearchState, event: ContentEvent, me: string): SearchState {
  switch (event.type) {
    case 'messageDeleted':
      return keep(state, (item) => item.conversationId !== event.conversationId || item.message.seq !== event.deleted.seq)
    case 'messageEdited': {
      const found = state.found.map((item) => {
        if (item.conversationId !== event.conversationId) return item
        const message = changeMessage(item.message, event, me)
        return message === item.message ? item : { ...item, message }
      })
      return found.every((item, index) => item === state.found[index]) ? state : { ...state, found }
    }
    case 'messagePosted':
      return removesMe(event, me) ? keep(state, (item) => item.conversationId !== event.conversationId) : state
    case 'reactionChanged':
    case 'changed':
    case 'readCursorMoved':
    case 'notificationsChanged':
      return state
  }
}

function keep(state: SearchState, stays: (item: FoundMessage) => boolean): SearchState {
  return state.found.every(stays) ? state : { ...state, found: state.found.filter(stays) }
}
