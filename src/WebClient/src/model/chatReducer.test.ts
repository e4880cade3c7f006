import { describe, expect, it } from 'vitest'
import type { Message } from '../protocol/wire'
import { rule } from '../testing/rule'
import { ann, bob, group, message, posted, range, unread, uuid } from '../testing/samples'
import { heldPoints, holes, reduceChat } from './chatReducer'
import { type ChatAction, type ChatState, initialChatState } from './chatState'
import type { OutboxEntry } from './outbox'

function reduce(state: ChatState, ...actions: ChatAction[]): ChatState {
  return actions.reduce(reduceChat, state)
}

function event(posted: Message, conversationId = 'g'): ChatAction {
  return { type: 'eventReceived', event: { type: 'messagePosted', conversationId, rev: posted.rev, message: posted } }
}

function history(messages: Message[], seq: number, anchor: 'latest' | 'unread' | 'before' | 'after' = 'latest', readSeq = seq): ChatAction {
  return { type: 'historyRead', conversationId: 'g', anchor, messages, head: { rev: seq, seq }, readSeq }
}

function listed(seq: number, more = {}): ChatAction {
  return { type: 'listRead', conversations: [group('g', seq, more)], next: undefined, first: true }
}

const entry: OutboxEntry = {
  clientId: uuid(77),
  conversationId: 'g',
  text: 'hi',
  createdAt: 0,
  order: 1,
  status: { type: 'sending' },
}

const empty = initialChatState('demo', ann)
const opened = reduce(
  empty,
  listed(3),
  { type: 'conversationOpened', conversationId: 'g' },
  history(range(1, 3).map((seq) => message(seq)), 3),
)

function seqs(state: ChatState): number[] {
  return state.conversations.get('g')?.timeline?.messages.map((held) => held.seq) ?? []
}

function counts(state: ChatState) {
  return state.conversations.get('g')?.unread
}

describe('events', () => {
  it('move messages, list and counts', () => {
    const state = reduce(opened, event(message(4)))
    expect(seqs(state)).toEqual([1, 2, 3, 4])
    expect(state.conversations.get('g')?.summary).toMatchObject({ head: { rev: 4, seq: 4 }, lastMessage: { seq: 4 } })
    expect(counts(state)).toMatchObject({ unread: 1, mentions: 0, rev: 4 })
    expect(holes(state)).toEqual([])
  })

  it(rule('W4', 'do not let a conversation grow without end that nobody looks at'), () => {
    const many = (state: ChatState) => reduce(state, ...Array.from({ length: 1_000 }, (_, index) => event(message(index + 4))))
    expect(seqs(many(opened))).toHaveLength(1_003)
    const away = seqs(many(reduce(opened, { type: 'conversationLeft' })))
    expect(away.length).toBeLessThan(400)
    expect(away.at(-1)).toBe(1_003)
  })

  it(rule('M14', 'may come twice'), () => {
    const once = reduce(opened, event(message(4)))
    const twice = reduce(once, event(message(4)), event(message(2)))
    expect(seqs(twice)).toEqual(seqs(once))
    expect(counts(twice)).toEqual(counts(once))
    expect(holes(twice)).toEqual([])
  })

  it(rule('M13', 'that leave a hole change nothing but ask for what is missing'), () => {
    const state = reduce(opened, event(message(5)))
    expect(seqs(state)).toEqual([1, 2, 3])
    expect(counts(state)).toMatchObject({ unread: 0, rev: 3 })
    expect(holes(state)).toEqual([{ id: 'g', rev: 3 }])
  })

  it(rule('M13', 'a hole is closed by the answer of Sync, in whatever order events come meanwhile'), () => {
    const state = reduce(opened, event(message(5)), event(message(6)), {
      type: 'synced',
      conversations: [
        {
          id: 'g',
          status: 'changes',
          conversation: group('g', 5, { unread: unread(5, { readSeq: 3, unread: 2 }) }),
          changes: [posted(message(4)), posted(message(5))],
        },
      ],
    })
    expect(holes(state)).toEqual([{ id: 'g', rev: 5 }])
    const repaired = reduce(state, event(message(6)))
    expect(seqs(repaired)).toEqual([1, 2, 3, 4, 5, 6])
    expect(counts(repaired)).toMatchObject({ unread: 3, rev: 6 })
    expect(holes(repaired)).toEqual([])
  })

  it('of an unknown conversation ask for it from the beginning', () => {
    const state = reduce(empty, event(message(7), 'new'))
    expect(holes(state)).toEqual([{ id: 'new', rev: 0 }])
  })

  it('of a kind that is not known are counted', () => {
    const state = reduce(opened, { type: 'eventReceived', event: { type: 'changed', conversationId: 'g', rev: 4 } })
    expect(holes(state)).toEqual([])
    expect(seqs(reduce(state, event(message(4, bob, { rev: 5 }))))).toEqual([1, 2, 3, 4])
  })

  it('rename the conversation', () => {
    const renamed = message(4, bob, { kind: 'system', text: '', fact: { kind: 'renamed', targets: [], before: 'a', after: 'b' } })
    const state = reduce(opened, event(renamed))
    expect(state.conversations.get('g')?.summary).toMatchObject({ title: 'b', lastActivity: group('g', 3).lastActivity })
  })

  it('take the conversation away from who was removed', () => {
    const removed = message(4, bob, { kind: 'system', text: '', fact: { kind: 'removed', targets: ['ann'] } })
    expect(reduce(opened, event(removed)).conversations.has('g')).toBe(false)
  })

  describe(rule('C10', 'a removal'), () => {
    const removed = message(5, bob, { kind: 'system', text: '', fact: { kind: 'removed', targets: ['ann'] } })
    const added = message(6, bob, { kind: 'system', text: '', fact: { kind: 'added', targets: ['ann'] } })
    const left = reduce(opened, { type: 'conversationLeft' }, event(message(4)), event(removed))
    const page: ChatAction = { type: 'listRead', conversations: [group('g', 4)], next: undefined, first: false }
    const synced: ChatAction = {
      type: 'synced',
      conversations: [{ id: 'g', status: 'changes', conversation: group('g', 4), changes: [posted(message(4))] }],
    }

    it('stands against answers that were read before it', () => {
      for (const late of [page, synced, event(message(4)), event(removed)]) {
        const state = reduce(left, late)
        expect(state.conversations.has('g')).toBe(false)
        expect(holes(state)).toEqual([])
      }
    })

    it('ends when the conversation is given back', () => {
      const row: ChatAction = { type: 'listRead', conversations: [group('g', 6)], next: undefined, first: false }
      expect(reduce(left, row).conversations.get('g')?.summary).toMatchObject({ head: { rev: 6 } })
      const returned = reduce(left, event(added))
      expect(holes(returned)).toEqual([{ id: 'g', rev: 0 }])
      expect(reduce(returned, row, page).conversations.get('g')?.summary).toMatchObject({ head: { rev: 6 } })
    })

    it('heard after the return takes nothing away, and Sync brings what is between', () => {
      const returned = reduce(opened, event(added), event(removed))
      expect(returned.conversations.has('g')).toBe(true)
      expect(holes(returned)).toEqual([{ id: 'g', rev: 3 }])
      const counted = unread(6, { readSeq: 5, unread: 1, mentions: 1, readVersion: 9 })
      const repaired = reduce(returned, {
        type: 'synced',
        conversations: [
          {
            id: 'g',
            status: 'changes',
            conversation: group('g', 6, { unread: counted }),
            changes: [posted(message(4)), posted(removed), posted(added)],
          },
        ],
      })
      expect(seqs(repaired)).toEqual([1, 2, 3, 4, 5, 6])
      expect(counts(repaired)).toEqual(counted)
      expect(holes(repaired)).toEqual([])
    })
  })

  it('a history read at an earlier moment than the last event has a hole', () => {
    const state = reduce(
      empty,
      listed(3),
      { type: 'conversationOpened', conversationId: 'g' },
      event(message(4)),
      history(range(1, 3).map((seq) => message(seq)), 3),
    )
    expect(holes(state)).toEqual([{ id: 'g', rev: 3 }])
  })
})

describe(rule('M12', 'register, then read'), () => {
  it('keeps events until the answers are applied, then applies those above', () => {
    const reading = reduce(opened, { type: 'readingBegan' }, event(message(5)), event(message(6)))
    expect(seqs(reading)).toEqual([1, 2, 3])
    expect(holes(reading)).toEqual([])
    expect(heldPoints(reading)).toEqual([{ id: 'g', rev: 3 }])
    const state = reduce(
      reading,
      listed(5, { unread: unread(5, { readSeq: 3, unread: 2 }) }),
      {
        type: 'synced',
        conversations: [
          {
            id: 'g',
            status: 'changes',
            conversation: group('g', 5, { unread: unread(5, { readSeq: 3, unread: 2 }) }),
            changes: [posted(message(4)), posted(message(5))],
          },
        ],
      },
      { type: 'readingEnded' },
    )
    expect(seqs(state)).toEqual([1, 2, 3, 4, 5, 6])
    expect(counts(state)).toMatchObject({ unread: 3, rev: 6 })
    expect(holes(state)).toEqual([])
  })

  it('an older answer takes nothing back', () => {
    const ahead = reduce(opened, event(message(4)))
    const state = reduce(ahead, listed(3, { unread: unread(3, { readSeq: 3 }) }))
    expect(state.conversations.get('g')?.summary?.head.seq).toBe(4)
    expect(counts(state)).toMatchObject({ unread: 1, rev: 4 })
  })

  it('a reset drops what is held, a gone conversation goes', () => {
    const reset = reduce(opened, { type: 'synced', conversations: [{ id: 'g', status: 'reset', conversation: group('g', 900) }] })
    expect(reset.conversations.get('g')?.timeline).toBeUndefined()
    expect(reset.conversations.get('g')?.summary?.head.rev).toBe(900)
    const gone = reduce(opened, { type: 'synced', conversations: [{ id: 'g', status: 'gone' }] })
    expect(gone.conversations.size).toBe(0)
    expect(holes(gone)).toEqual([])
  })

  it('forgets lines of the list that the first page does not have, except held ones', () => {
    const two = reduce(opened, { type: 'listRead', conversations: [group('old', 1)], next: undefined, first: false })
    const state = reduce(two, { type: 'listRead', conversations: [group('top', 9)], next: 'more', first: true })
    expect([...state.conversations.keys()].sort()).toEqual(['g', 'top'])
  })

  it('keeps the open conversation, which only Sync may take away', () => {
    const waiting = reduce(
      empty,
      { type: 'listRead', conversations: [group('old', 1), group('older', 1)], next: undefined, first: true },
      { type: 'conversationOpened', conversationId: 'old' },
    )
    expect(heldPoints(waiting)).toEqual([{ id: 'old', rev: 0 }])
    const state = reduce(waiting, { type: 'listRead', conversations: [group('top', 9)], next: 'more', first: true })
    expect([...state.conversations.keys()].sort()).toEqual(['old', 'top'])
  })
})

describe(rule('M4', 'echo and answer of a post'), () => {
  const answered = { type: 'postAnswered', clientId: entry.clientId, seq: 4, rev: 4, time: message(4).time } as const
  const echo = event(message(4, ann, { clientId: entry.clientId, text: 'hi' }))
  const written = reduce(opened, { type: 'messageWritten', entry })

  it.each([
    ['the echo', [echo, answered]],
    ['the answer', [answered, echo]],
  ])('meet by clientId when %s comes first', (_, actions) => {
    const state = reduce(written, ...actions)
    expect(seqs(state)).toEqual([1, 2, 3, 4])
    expect(state.outbox).toEqual([])
    expect(counts(state)).toMatchObject({ unread: 0, rev: 4 })
    expect(state.conversations.get('g')?.timeline?.messages.at(-1)).toMatchObject({ text: 'hi', author: { name: 'Ann' } })
  })

  it('the answer shows the message before any echo when nothing lies between', () => {
    const state = reduce(written, answered)
    expect(seqs(state)).toEqual([1, 2, 3, 4])
    expect(state.outbox).toEqual([])
  })

  it(rule('M2', 'the message has the time of the server, whatever the clock here said'), () => {
    const times = (state: ChatState) => state.conversations.get('g')?.timeline?.messages.map((held) => held.time)
    const state = reduce(written, answered)
    expect(times(state)?.at(-1)).toBe(answered.time)
    expect(state.conversations.get('g')?.summary?.lastActivity).toBe(answered.time)
  })

  it('an answer that others came before waits as sent, and asks for them when they do not come', () => {
    const ahead = reduce(written, { ...answered, seq: 6, rev: 6 })
    expect(ahead.outbox[0]?.status.type).toBe('sent')
    expect(holes(ahead)).toEqual([])
    const missed = reduce(ahead, { type: 'echoMissing', clientId: entry.clientId })
    expect(holes(missed)).toEqual([{ id: 'g', rev: 3 }])
  })

  it('a message of somebody else with the same clientId is another message', () => {
    const state = reduce(written, event(message(4, bob, { clientId: entry.clientId })))
    expect(state.outbox).toHaveLength(1)
  })
})

describe('counts', () => {
  it('a newer row with an older rev is moved on by the changes that are known', () => {
    const ahead = reduce(opened, event(message(4)), event(message(5)))
    const state = reduce(ahead, {
      type: 'unreadRead',
      conversationId: 'g',
      unread: unread(4, { readSeq: 4, unread: 0, readVersion: 2 }),
    })
    expect(counts(state)).toEqual(unread(5, { readSeq: 4, unread: 1, readVersion: 2 }))
    expect(holes(state)).toEqual([])
  })

  it('a newer row that cannot be moved on is asked for anew', () => {
    const caughtUp = reduce(empty, listed(9, { unread: unread(9, { unread: 5 }) }))
    const state = reduce(caughtUp, {
      type: 'unreadRead',
      conversationId: 'g',
      unread: unread(7, { readSeq: 7, readVersion: 2 }),
    })
    expect(holes(state)).toEqual([{ id: 'g', rev: 7 }])
  })
})

describe(rule('U9', 'the divider'), () => {
  const unreadOpened = reduce(
    empty,
    listed(4, { unread: unread(4, { readSeq: 2, unread: 2 }) }),
    { type: 'conversationOpened', conversationId: 'g' },
    history([message(1), message(2), message(3, ann), message(4)], 4, 'unread', 2),
  )

  it('stands above the first unread message of somebody else', () => {
    expect(unreadOpened.open).toMatchObject({ dividerSeq: 4, target: 'divider' })
  })

  it('stays where it is when the end is gone to', () => {
    const atEnd = reduce(unreadOpened, history([message(4)], 4, 'latest', 4))
    expect(atEnd.open).toMatchObject({ dividerSeq: 4, target: 'end' })
  })

  it('stays for the visit, whatever is read or comes, and is gone on the next', () => {
    const read = reduce(
      unreadOpened,
      { type: 'unreadRead', conversationId: 'g', unread: unread(4, { readSeq: 4, readVersion: 2 }) },
      event(message(5)),
    )
    expect(read.open?.dividerSeq).toBe(4)
    const again = reduce(
      read,
      { type: 'unreadRead', conversationId: 'g', unread: unread(5, { readSeq: 5, readVersion: 3 }) },
      { type: 'conversationLeft' },
      { type: 'conversationOpened', conversationId: 'g' },
    )
    expect(again.open).toMatchObject({ dividerSeq: undefined, settled: true })
  })
})

describe('a conversation that is made ready', () => {
  const twoUnread = { unread: unread(4, { readSeq: 2, unread: 2 }) }
  const expected: ChatAction = { type: 'conversationExpected', conversationId: 'g' }
  const ready = reduce(empty, listed(4, twoUnread), expected, history(range(1, 4).map((seq) => message(seq)), 4, 'unread', 2))

  it(rule('U7', 'is not open, and nothing of it is read'), () => {
    expect(ready.open).toBeUndefined()
    expect(ready.next).toMatchObject({ id: 'g', settled: true, dividerSeq: 3 })
    expect(counts(ready)).toMatchObject(twoUnread.unread)
  })

  it(rule('U9', 'is opened with what is held, at what is unread by then'), () => {
    const read: ChatAction = { type: 'unreadRead', conversationId: 'g', unread: unread(4, { readSeq: 3, unread: 1, readVersion: 2 }) }
    const state = reduce(ready, read, event(message(5)), { type: 'conversationOpened', conversationId: 'g' })
    expect(state.open).toMatchObject({ id: 'g', settled: true, dividerSeq: 4 })
    expect(state.next).toBeUndefined()
    expect(seqs(state)).toEqual([1, 2, 3, 4, 5])
  })

  it('serves with the first ones that are unread, however many there are', () => {
    const many = { unread: unread(90, { readSeq: 10, unread: 80 }) }
    const page = history(range(1, 60).map((seq) => message(seq)), 90, 'unread', 10)
    const state = reduce(empty, listed(90, many), expected, page, { type: 'conversationOpened', conversationId: 'g' })
    expect(state.open).toMatchObject({ settled: true, dividerSeq: 11 })
    const above = history(range(30, 60).map((seq) => message(seq)), 90, 'unread', 29)
    expect(reduce(empty, listed(90, many), expected, above).next).toMatchObject({ settled: false })
  })

  it('that was left is another visit when it is opened again', () => {
    const state = reduce(opened, { type: 'conversationLeft' }, { type: 'conversationOpened', conversationId: 'g' })
    expect(state.open?.jump).toBe((opened.open?.jump ?? 0) + 1)
  })

  it('waits for its messages when it is opened before they are there', () => {
    const state = reduce(empty, listed(4, twoUnread), expected, { type: 'conversationOpened', conversationId: 'g' })
    expect(state.open).toMatchObject({ id: 'g', settled: false })
    expect(state.next).toBeUndefined()
  })

  it('is none that is open or that nobody knows, and none that was taken away', () => {
    expect(reduce(opened, expected).next).toBeUndefined()
    expect(reduce(empty, expected).next).toBeUndefined()
    const removed = message(5, bob, { kind: 'system', text: '', fact: { kind: 'removed', targets: ['ann'] } })
    expect(reduce(ready, event(removed)).next).toBeUndefined()
  })

  it('is the one that was left', () => {
    expect(reduce(opened, { type: 'conversationLeft' }).next).toMatchObject({ id: 'g', settled: true })
    expect(reduce(empty, { type: 'conversationLeft' }).next).toBeUndefined()
  })
})

describe(rule('C2', 'a conversation nobody has written in'), () => {
  const virtual = reduce(
    empty,
    { type: 'conversationOpened', conversationId: 'dm', peer: { userId: 'bob', name: 'Bob' } },
    { type: 'historyRead', conversationId: 'dm', anchor: 'unread', messages: [], head: { rev: 0, seq: 0 }, readSeq: 0 },
  )

  it('asks for nothing and is in no list', () => {
    expect(holes(virtual)).toEqual([])
    expect(virtual.open?.settled).toBe(true)
  })

  it('stays open when the server does not know it, and vanishes when left', () => {
    const synced = reduce(virtual, { type: 'synced', conversations: [{ id: 'dm', status: 'gone' }] })
    expect(synced.conversations.get('dm')).toMatchObject({ virtualPeer: { name: 'Bob' } })
    expect(reduce(synced, { type: 'conversationLeft' }).conversations.size).toBe(0)
  })

  it('shows the first message and asks for the rest', () => {
    const state = reduce(virtual, event(message(1), 'dm'))
    expect(state.conversations.get('dm')?.timeline?.messages).toHaveLength(1)
    expect(holes(state)).toEqual([{ id: 'dm', rev: 1 }])
  })
})

describe('names of people', () => {
  it('are learnt from welcome, the list, messages and search', () => {
    const state = reduce(
      empty,
      { type: 'welcomed', tenant: 'demo', user: { ...ann, name: 'Ann B.' }, limits: empty.limits, permissions: [] },
      listed(3, { lastMessage: message(3, { userId: 'cara', name: 'Cara', role: 'agent' }) }),
      { type: 'listRead', conversations: [group('dm', 1, { kind: 'direct', peer: { userId: 'dan', name: 'Dan' } })], next: undefined, first: false },
      event(message(4)),
      { type: 'peopleFound', people: [{ userId: 'eve', name: 'Eve' }] },
    )
    expect(Object.fromEntries(state.names)).toEqual({ ann: 'Ann B.', bob: 'Bob', cara: 'Cara', dan: 'Dan', eve: 'Eve' })
  })
})
