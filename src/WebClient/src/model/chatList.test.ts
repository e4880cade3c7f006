import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { ann, bob, group, message, unread } from '../testing/samples'
import { listRows, mentionsInAll } from './chatList'
import { reduceChat } from './chatReducer'
import { type ChatAction, type ChatState, initialChatState } from './chatState'

function list(...conversations: ReturnType<typeof group>[]): ChatState {
  return reduceChat(initialChatState('demo', ann), { type: 'listRead', conversations, next: undefined, first: true })
}

function ids(state: ChatState): string[] {
  return listRows(state).map((row) => row.id)
}

function post(conversationId: string, seq: number): ChatAction {
  const posted = message(seq, bob, { time: new Date(Date.UTC(2027, 0, 1, 0, seq)).toISOString() })
  return { type: 'eventReceived', event: { type: 'messagePosted', conversationId, rev: seq, message: posted } }
}

const three = list(group('a', 3), group('b', 2), group('c', 1))

describe(rule('L1', 'the chat list'), () => {
  it('has mentioned, then unread ones, then the rest, each by last activity', () => {
    const state = list(
      group('rest old', 1),
      group('rest new', 9),
      group('unread old', 2, { unread: unread(2, { unread: 1 }) }),
      group('unread new', 8, { unread: unread(8, { unread: 4 }) }),
      group('mentioned', 3, { unread: unread(3, { unread: 2, mentions: 1 }) }),
    )
    expect(ids(state)).toEqual(['mentioned', 'unread new', 'unread old', 'rest new', 'rest old'])
    expect(mentionsInAll(state)).toBe(1)
  })

  it('orders equal ones alike everywhere', () => {
    expect(ids(list(group('a', 1), group('b', 1)))).toEqual(['b', 'a'])
    expect(ids(list(group('b', 1), group('a', 1)))).toEqual(['b', 'a'])
  })

  it('moves what gets a message', () => {
    expect(ids(reduceChat(three, post('c', 2)))).toEqual(['c', 'a', 'b'])
  })
})

describe(rule('L3', 'the open conversation'), () => {
  it('keeps its place until another is opened', () => {
    const open = reduceChat(three, { type: 'conversationOpened', conversationId: 'b' })
    const moved = reduceChat(open, post('b', 3))
    expect(ids(moved)).toEqual(['a', 'b', 'c'])
    expect(ids(reduceChat(moved, { type: 'conversationOpened', conversationId: 'a' }))).toEqual(['b', 'a', 'c'])
  })

  it('stays among the unread ones while it is read', () => {
    const state = list(group('a', 3), group('b', 1, { unread: unread(1, { unread: 1 }) }))
    const open = reduceChat(state, { type: 'conversationOpened', conversationId: 'b' })
    const read = reduceChat(open, {
      type: 'unreadRead',
      conversationId: 'b',
      unread: unread(1, { readSeq: 1, readVersion: 2 }),
    })
    expect(ids(read)).toEqual(['b', 'a'])
    expect(ids(reduceChat(read, { type: 'conversationLeft' }))).toEqual(['a', 'b'])
  })
})
