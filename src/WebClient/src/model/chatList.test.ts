import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { ann, bob, group, message, unread } from '../testing/samples'
import { type ListOrder, neighbour, orderList } from './chatList'
import { reduceChat } from './chatReducer'
import { type ChatAction, type ChatState, initialChatState } from './chatState'

function list(...conversations: ReturnType<typeof group>[]): ChatState {
  return reduceChat(initialChatState('demo', ann), { type: 'listRead', conversations, next: undefined, first: true })
}

function ids(state: ChatState): readonly string[] {
  return orderList(undefined, state, 'unreadFirst').rows.ids
}

function post2027(minute: number): string {
  return new Date(Date.UTC(2027, 0, 1, 0, minute)).toISOString()
}

function post(conversationId: string, seq: number): ChatAction {
  const posted = message(seq, bob, { time: post2027(seq) })
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
  })

  it('orders equal ones alike everywhere', () => {
    expect(ids(list(group('a', 1), group('b', 1)))).toEqual(['b', 'a'])
    expect(ids(list(group('b', 1), group('a', 1)))).toEqual(['b', 'a'])
  })

  it('says where the rest begins', () => {
    const state = list(group('a', 1), group('b', 2, { unread: unread(2, { unread: 1 }) }))
    expect(orderList(undefined, state, 'unreadFirst').rows.restFrom).toBe(1)
    expect(orderList(undefined, list(group('a', 1)), 'unreadFirst').rows.restFrom).toBe(0)
  })

  it('is one list by last activity for who wants that', () => {
    const state = list(group('a', 1, { unread: unread(1, { unread: 1, mentions: 1 }) }), group('b', 2))
    expect(orderList(undefined, state, 'recent').rows).toEqual({ ids: ['b', 'a'], restFrom: 0 })
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

  it('that was opened before the list had it keeps the place where it came', () => {
    const open = reduceChat(three, { type: 'conversationOpened', conversationId: 'new' })
    const came = reduceChat(open, {
      type: 'synced',
      conversations: [{ id: 'new', status: 'changes', conversation: group('new', 1, { lastActivity: post2027(0) }), changes: [] }],
    })
    expect(ids(came)).toEqual(['new', 'a', 'b', 'c'])
    expect(ids(reduceChat(came, post('c', 2)))).toEqual(['c', 'new', 'a', 'b'])
    const written = reduceChat(reduceChat(came, post('c', 2)), post('new', 2))
    expect(ids(written)).toEqual(['c', 'new', 'a', 'b'])
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

describe('an order that is moved on', () => {
  /** A small generator with a seed, so that a failure can be run again. */
  function dice(seed: number): (sides: number) => number {
    let state = seed
    return (sides) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * sides)
    }
  }

  it.each([1, 2, 3, 4, 5])('is the one that a sort gives, whatever happens (seed %i)', (seed) => {
    const roll = dice(seed)
    const revs = new Map<string, number>()
    let state = initialChatState('demo', ann)
    let order: ListOrder | undefined
    for (let step = 0; step < 300; step++) {
      const id = `c${roll(20)}`
      const rev = (revs.get(id) ?? 0) + 1
      const actions: (() => ChatAction)[] = [
        () => {
          revs.set(id, rev)
          return revs.get(id) === 1
            ? { type: 'listRead', conversations: [group(id, 1, { unread: unread(1, { unread: roll(2) }) })], next: undefined, first: false }
            : post(id, rev)
        },
        () => ({ type: 'conversationOpened', conversationId: id }),
        () => ({ type: 'conversationLeft' }),
        () => {
          revs.delete(id)
          return { type: 'synced', conversations: [{ id, status: 'gone' }] }
        },
        () => ({
          type: 'unreadRead',
          conversationId: id,
          unread: unread(rev - 1, { readSeq: rev - 1, readVersion: step + 2 }),
        }),
      ]
      const action = actions[roll(9)] ?? actions[0]
      if (action !== undefined) state = reduceChat(state, action())
      order = orderList(order, state, 'unreadFirst')
      expect(order.rows).toEqual(orderList(undefined, state, 'unreadFirst').rows)
    }
  })

  it('is the same object when no row moves', () => {
    const before = orderList(undefined, three, 'unreadFirst')
    const open = reduceChat(three, { type: 'conversationOpened', conversationId: 'b' })
    const opened = orderList(before, open, 'unreadFirst')
    expect(opened.rows).toBe(before.rows)
    expect(orderList(opened, reduceChat(open, post('b', 3)), 'unreadFirst').rows).toBe(before.rows)
  })
})

describe(rule('W1', 'the next conversation'), () => {
  it('goes on at the other end', () => {
    const ids = ['a', 'b', 'c']
    expect(neighbour(ids, 'a', 1)).toBe('b')
    expect(neighbour(ids, 'c', 1)).toBe('a')
    expect(neighbour(ids, 'a', -1)).toBe('c')
    expect(neighbour(ids, undefined, 1)).toBe('a')
    expect(neighbour(ids, undefined, -1)).toBe('c')
    expect(neighbour([], undefined, 1)).toBeUndefined()
    expect(neighbour(['a'], 'a', 1)).toBeUndefined()
  })

  it('can be the next unread one', () => {
    const unreadOnes = new Set(['b', 'd'])
    expect(neighbour(['a', 'b', 'c', 'd'], 'b', 1, (id) => unreadOnes.has(id))).toBe('d')
    expect(neighbour(['a', 'b', 'c', 'd'], 'd', 1, (id) => unreadOnes.has(id))).toBe('b')
    expect(neighbour(['a', 'b'], 'b', 1, (id) => unreadOnes.has(id))).toBeUndefined()
  })
})
