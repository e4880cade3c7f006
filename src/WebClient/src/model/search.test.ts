import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { bob, message } from '../testing/samples'
import type { ChatAction, ContentEvent } from './chatState'
import { noSearch, reduceSearch, type SearchState } from './search'

function reduce(state: SearchState, ...actions: ChatAction[]): SearchState {
  return actions.reduce((before, action) => reduceSearch(before, action, 'ann'), state)
}

function found(query: string, seqs: number[], next?: string): ChatAction {
  const messages = seqs.map((seq) => ({ conversationId: 'g', kind: 'group', title: 'Desk', message: message(seq) }) as const)
  return { type: 'searchAnswered', query, messages, next }
}

const held = reduce(noSearch, { type: 'searchBegan', query: 'printer' }, found('printer', [5, 3], 'p2'))

function after(event: ContentEvent): number[] {
  return reduce(held, { type: 'eventReceived', event }).found.map((item) => item.message.seq)
}

describe(rule('L6', 'a search'), () => {
  it('grows by its pages', () => {
    expect(held).toMatchObject({ status: 'done', next: 'p2' })
    const all = reduce(held, { type: 'searchContinued' }, found('printer', [1]))
    expect(all.found.map((item) => item.message.seq)).toEqual([5, 3, 1])
    expect(all).toMatchObject({ status: 'done', next: undefined })
  })

  it('takes no answer of another query', () => {
    const other = reduce(held, { type: 'searchBegan', query: 'scanner' })
    expect(reduce(other, found('printer', [9]))).toBe(other)
    expect(reduce(other, { type: 'searchRefused', query: 'printer', problem: 'x' })).toBe(other)
  })

  it('says why a query is not understood, or that nobody could be asked', () => {
    expect(reduce(held, { type: 'searchRefused', query: 'printer', problem: 'in: needs a name' }).status).toBe('refused')
    expect(reduce(held, { type: 'searchRefused', query: 'printer', problem: undefined }).status).toBe('unreachable')
  })

  it(rule('M10', 'loses what is deleted at once'), () => {
    const deleted = { seq: 5, authorId: 'bob', deletedAt: '', postedAt: '' }
    expect(after({ type: 'messageDeleted', conversationId: 'g', rev: 9, deleted })).toEqual([3])
    expect(after({ type: 'messageDeleted', conversationId: 'h', rev: 9, deleted })).toEqual([5, 3])
  })

  it(rule('C10', 'loses a conversation that I was removed from'), () => {
    const removed = message(9, bob, { kind: 'system', text: '', fact: { kind: 'removed', targets: ['ann'] } })
    expect(after({ type: 'messagePosted', conversationId: 'g', rev: 9, message: removed })).toEqual([])
  })
})
