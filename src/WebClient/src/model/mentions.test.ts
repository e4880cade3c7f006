import { describe, expect, it } from 'vitest'
import type { Mention } from '../protocol/wire'
import { rule } from '../testing/rule'
import { bob, message, unread } from '../testing/samples'
import type { ContentEvent } from './chatState'
import { type MentionsState, noMentions, reduceMentions } from './mentions'

function mention(seq: number, conversationId = 'g'): Mention {
  const mentions = { users: ['ann'], all: false, here: [] }
  return { conversationId, kind: 'group', title: 'Desk', message: message(seq, bob, { mentions }), unread: true, done: false }
}

const held = reduceMentions(
  noMentions,
  { type: 'mentionsRead', unreadOnly: false, mentions: [mention(3), mention(2), mention(9, 'h')], next: 'p2', first: true },
  'ann',
)

function after(event: ContentEvent, state: MentionsState = held): string[] {
  return reduceMentions(state, { type: 'eventReceived', event }, 'ann').items.map(
    ({ conversationId, message, unread }) => `${conversationId} ${message.seq}${unread ? '' : ' read'}`,
  )
}

describe(rule('N10', 'the mentions view'), () => {
  it('goes on where the page before ended, each message once', () => {
    const page = { type: 'mentionsRead', unreadOnly: false, mentions: [mention(2), mention(1)], next: undefined, first: false } as const
    const state = reduceMentions(held, page, 'ann')
    expect(state.items.map((item) => item.message.seq)).toEqual([3, 2, 9, 1])
    expect(state.next).toBeUndefined()
  })

  it('begins anew with another choice, and takes no page of the other list', () => {
    const wanted = reduceMentions(held, { type: 'mentionsWanted', unreadOnly: true }, 'ann')
    expect(wanted).toMatchObject({ items: [], loaded: false })
    const late = { type: 'mentionsRead', unreadOnly: false, mentions: [mention(3)], next: undefined, first: true } as const
    expect(reduceMentions(wanted, late, 'ann')).toBe(wanted)
  })

  it('knows what a cursor has passed, or was moved back over', () => {
    const moved = (readSeq: number): ContentEvent => ({ type: 'readCursorMoved', conversationId: 'g', unread: unread(3, { readSeq }) })
    expect(after(moved(2))).toEqual(['g 3', 'g 2 read', 'h 9'])
    const read = reduceMentions(held, { type: 'eventReceived', event: moved(3) }, 'ann')
    expect(after(moved(1), read)).toEqual(['g 3', 'g 2', 'h 9'])
  })

  it('says what is done', () => {
    const state = reduceMentions(held, { type: 'mentionMarked', conversationId: 'g', seq: 2, done: true }, 'ann')
    expect(state.items.map((item) => item.done)).toEqual([false, true, false])
  })

  it(rule('M10', 'loses what is deleted'), () => {
    const deleted = { seq: 3, authorId: 'bob', deletedAt: '', postedAt: '' }
    expect(after({ type: 'messageDeleted', conversationId: 'g', rev: 4, deleted })).toEqual(['g 2', 'h 9'])
  })

  it(rule('M9', 'loses what mentions me no more, and shows the text that stands'), () => {
    const edited = { seq: 3, authorId: 'bob', version: 2, text: 'new', editedAt: '', postedAt: '' }
    const still = { ...edited, mentions: { users: ['ann'], all: false, here: [] } }
    expect(after({ type: 'messageEdited', conversationId: 'g', rev: 4, edited })).toEqual(['g 2', 'h 9'])
    const event: ContentEvent = { type: 'messageEdited', conversationId: 'g', rev: 4, edited: still }
    expect(reduceMentions(held, { type: 'eventReceived', event }, 'ann').items[0]?.message.text).toBe('new')
  })

  it(rule('C10', 'loses a conversation that I was removed from'), () => {
    const removed = message(4, bob, { kind: 'system', text: '', fact: { kind: 'removed', targets: ['ann'] } })
    expect(after({ type: 'messagePosted', conversationId: 'g', rev: 4, message: removed })).toEqual(['h 9'])
  })
})
