import { describe, expect, it } from 'vitest'
import type { Change, Message } from '../protocol/wire'
import { rule } from '../testing/rule'
import { message } from '../testing/samples'
import { applyChange, type ConversationState } from './conversation'
import { changeMessages } from './messageChanges'

const later = '2026-03-01T10:00:00.000Z'
const quoting = message(3, undefined, {
  replyTo: { seq: 2, author: { userId: 'bob', name: 'Bob' }, text: 'Message 2', deleted: false },
})
/** The chat list's line of a conversation whose last message is `quoting`. */
const listed: ConversationState = {
  id: 'c/1',
  knownRev: 3,
  recent: [],
  summary: { id: 'c/1', kind: 'group', head: { rev: 3, seq: 3 }, lastActivity: quoting.time, lastMessage: quoting, level: 'default' },
}
const held = [message(1), message(2, undefined, { mentions: { users: ['ann'], all: false, here: [] } }), quoting]

function edited(text: string): Change {
  const edit = { seq: 2, authorId: 'bob', version: 2, text, editedAt: later, postedAt: later }
  return { type: 'messageEdited', rev: 4, edited: edit }
}

function deleted(seq: number, more: { lastMessage?: Message; lastActivity?: string } = {}): Change {
  return { type: 'messageDeleted', rev: 4, deleted: { seq, authorId: 'bob', deletedAt: later, postedAt: later, ...more } }
}

function reacted(userId: string, added: boolean, count: number, emoji = '👍'): Change {
  return { type: 'reactionChanged', rev: 4, reacted: { seq: 2, userId, emoji, added, count, users: [userId] } }
}

describe('a change of a message that is held', () => {
  it(rule('M8', 'replaces the text where it stands and where it is quoted'), () => {
    const after = changeMessages(held, edited('x'.repeat(300)), 'ann')
    expect(after[0]).toBe(held[0])
    expect(after[1]).toMatchObject({ text: 'x'.repeat(300), version: 2, editedAt: later })
    expect(after[1]).not.toHaveProperty('mentions')
    expect(after[2]?.replyTo?.text).toBe('x'.repeat(200))
  })

  it(rule('M10', 'leaves no word of what was deleted'), () => {
    const after = changeMessages(held, deleted(2), 'ann')
    expect(JSON.stringify(after)).not.toContain('Message 2')
    expect(after[1]).toMatchObject({ text: '', deletedAt: later })
    expect(after[2]?.replyTo).toMatchObject({ deleted: true, text: '' })
  })

  it('counts reactions, knows mine, and keeps them in the order of the server', () => {
    const first = changeMessages(held, reacted('ann', true, 1), 'ann')
    const second = changeMessages(first, reacted('bob', true, 1, '❤️'), 'ann')
    expect(second[1]?.reactions?.map(({ emoji, mine }) => [emoji, mine])).toEqual([
      ['❤️', false],
      ['👍', true],
    ])
    const third = changeMessages(second, reacted('bob', true, 2), 'ann')
    expect(third[1]?.reactions?.[1]).toMatchObject({ count: 2, mine: true })
    const none = changeMessages(changeMessages(first, reacted('ann', false, 0), 'ann'), reacted('eve', false, 0), 'ann')
    expect(none[1]).not.toHaveProperty('reactions')
  })

  it('that is not held changes nothing', () => {
    expect(changeMessages(held, deleted(9), 'ann')).toBe(held)
  })

  it(rule('L2', 'gives the chat list the message before it when the last one is deleted'), () => {
    const after = applyChange(listed, deleted(3, { lastMessage: message(2), lastActivity: message(2).time }), 'ann')
    expect(after.summary).toMatchObject({ lastActivity: message(2).time, lastMessage: { seq: 2 }, head: { rev: 4, seq: 3 } })
    const other = applyChange(listed, deleted(2), 'ann')
    expect(other.summary?.lastMessage?.seq).toBe(3)
    const none = applyChange(listed, deleted(3, { lastActivity: later }), 'ann')
    expect(none.summary).not.toHaveProperty('lastMessage')
  })

  it.each([
    ['an edit', edited('other')],
    ['an edit of the last message', { type: 'messageEdited', rev: 4, edited: { seq: 3, authorId: 'bob', version: 2, text: 'x', editedAt: later, postedAt: later } }],
    ['a reaction', reacted('ann', true, 1)],
    ['what is no message of a person', { type: 'messagePosted', rev: 4, message: message(4, undefined, { kind: 'system', text: '', fact: { kind: 'added', targets: ['eve'] } }) }],
    ['a change of a kind that is not known', { type: 'changed', rev: 4 }],
  ] satisfies [string, Change][])(rule('L2', 'moves nothing in the chat list: %s'), (_, change) => {
    const { summary } = applyChange(listed, change, 'ann')
    expect(summary).toMatchObject({ lastActivity: quoting.time, lastMessage: { seq: 3 }, head: { rev: 4 } })
  })
})
