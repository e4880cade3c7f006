import { describe, expect, it } from 'vitest'
import type { Deletion, Revision } from '../protocol/wire'
import { rule } from '../testing/rule'
import { ann, bob, group, message, noon } from '../testing/samples'
import { reduceChat } from './chatReducer'
import { type ChatAction, type ChatState, initialChatState } from './chatState'

const conversationId = 'g'
const theirs = message(2, bob)
const mine = message(3, ann)
const time = new Date(noon).toISOString()

function reduce(...actions: ChatAction[]): ChatState {
  const listed: ChatAction = { type: 'listRead', conversations: [group('g', 3)], next: undefined, first: true }
  return [listed, ...actions].reduce(reduceChat, initialChatState('demo', ann))
}

const replying: ChatAction = { type: 'replyChosen', conversationId, message: theirs }
const editing: ChatAction = { type: 'editChosen', conversationId, message: mine }

const edited: Revision = { seq: 2, authorId: 'bob', version: 2, text: 'better', editedAt: time, postedAt: time }
const deletion: Deletion = { seq: 2, authorId: 'bob', deletedAt: time, postedAt: time }

describe('composing', () => {
  it('is a reply or an edit, whichever was chosen last', () => {
    expect(reduce(replying).composing.get('g')).toEqual({ replyTo: theirs })
    expect(reduce(replying, editing).composing.get('g')).toEqual({ editing: mine })
    expect(reduce(editing, replying).composing.get('g')).toEqual({ replyTo: theirs })
  })

  it('ends when it is dropped, or the message is written', () => {
    const entry = { clientId: 'x', conversationId, text: 'hi', createdAt: 0, order: 1, status: { type: 'sending' } } as const
    expect(reduce(replying, { type: 'replyDropped', conversationId }).composing.size).toBe(0)
    expect(reduce(editing, { type: 'editDropped', conversationId }).composing.size).toBe(0)
    expect(reduce(replying, { type: 'messageWritten', entry }).composing.size).toBe(0)
  })

  it('answers the text that stands now', () => {
    const state = reduce(replying, { type: 'eventReceived', event: { type: 'messageEdited', conversationId, rev: 4, edited } })
    expect(state.composing.get('g')?.replyTo).toMatchObject({ text: 'better', version: 2 })
  })

  it(rule('M10', 'loses what was deleted, whichever way that is learnt'), () => {
    const event: ChatAction = { type: 'eventReceived', event: { type: 'messageDeleted', conversationId, rev: 4, deleted: deletion } }
    const conversation = group('g', 3, { head: { rev: 4, seq: 3 } })
    const caughtUp: ChatAction = {
      type: 'synced',
      conversations: [{ id: 'g', status: 'changes', conversation, changes: [{ type: 'messageDeleted', rev: 4, deleted: deletion }] }],
    }
    for (const learnt of [event, caughtUp]) expect(reduce(replying, learnt).composing.size).toBe(0)
    expect(reduce({ ...editing, message: theirs }, event).composing.size).toBe(0)
    expect(reduce({ ...replying, message: mine }, event).composing.size).toBe(1)
  })

  it(rule('M10', 'does not answer what may have been deleted unnoticed'), () => {
    expect(reduce(replying, { type: 'synced', conversations: [{ id: 'g', status: 'reset', conversation: group('g', 9) }] }).composing.size).toBe(0)
    expect(reduce(replying, { type: 'synced', conversations: [{ id: 'g', status: 'gone' }] }).composing.size).toBe(0)
  })
})
