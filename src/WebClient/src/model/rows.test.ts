import { describe, expect, it } from 'vitest'
import type { Message } from '../protocol/wire'
import { rule } from '../testing/rule'
import { ann, bob, message, noon, uuid } from '../testing/samples'
import type { OutboxEntry } from './outbox'
import { logDays } from './rows'

function describeRows(messages: Message[], dividerSeq?: number, pending: OutboxEntry[] = []): string[][] {
  return logDays({ messages, pending, dividerSeq, me: 'ann' }).map(({ rows }) =>
    rows.map((row) => {
      switch (row.type) {
        case 'message':
          return `${row.message.seq}${row.continues ? '+' : ''}`
        case 'facts':
          return `facts ${row.messages.map(({ seq }) => seq).join(' ')}`
        case 'pending':
          return `pending${row.continues ? '+' : ''}`
        case 'divider':
          return 'divider'
      }
    }),
  )
}

const nextDay = new Date(noon + 26 * 60 * 60 * 1000).toISOString()
const fact = (seq: number, by = bob) => message(seq, by, { kind: 'system', text: '', fact: { kind: 'added', targets: ['x'] } })

function entry(more: Partial<OutboxEntry> = {}): OutboxEntry {
  return { clientId: uuid(1), conversationId: 'g', text: 'hi', createdAt: noon + 60_000, order: 1, status: { type: 'sending' }, ...more }
}

describe(rule('W6', 'rows'), () => {
  it('put one author together, up to five minutes, within a day', () => {
    const later = new Date(noon + 8 * 60_000).toISOString()
    expect(describeRows([message(1), message(2), message(3, ann), message(4, ann, { time: later }), message(5, ann, { time: nextDay })])).toEqual([
      ['1', '2+', '3', '4'],
      ['5'],
    ])
  })

  it('part after five minutes', () => {
    const at = (seq: number, minutes: number) => message(seq, bob, { time: new Date(noon + minutes * 60_000).toISOString() })
    expect(describeRows([at(1, 0), at(2, 4.99), at(3, 9.99)])).toEqual([['1', '2+', '3']])
  })

  it('let an answer stand by itself: what it answers is above it', () => {
    const replyTo = { seq: 1, author: bob, text: 'x', deleted: false }
    expect(describeRows([message(1), message(2, bob, { replyTo })])).toEqual([['1', '2']])
  })

  it('do not go on over a fact or the divider', () => {
    expect(describeRows([message(1), fact(2), message(3), message(4)], 4)).toEqual([['1', 'facts 2', '3', 'divider', '4']])
  })

  it('go on with what is not sent yet, on the day it was written', () => {
    expect(describeRows([message(1, ann)], undefined, [entry(), entry({ clientId: uuid(2) })])).toEqual([['1', 'pending+', 'pending+']])
    expect(describeRows([message(1, bob)], undefined, [entry()])).toEqual([['1', 'pending']])
    expect(describeRows([message(1, ann)], undefined, [entry({ createdAt: Date.parse(nextDay) })])).toEqual([['1'], ['pending']])
    expect(describeRows([], undefined, [entry()])).toEqual([['pending']])
  })

  it('are together before they are sent as they will be after', () => {
    const mine = message(1, ann)
    const at = (ms: number) => Date.parse(mine.time) + ms
    expect(describeRows([mine], undefined, [entry({ createdAt: at(299_999) })])).toEqual([['1', 'pending+']])
    expect(describeRows([mine], undefined, [entry({ createdAt: at(300_000) })])).toEqual([['1', 'pending']])
    const sent = { type: 'sent', seq: 2, rev: 2, time: new Date(at(300_000)).toISOString() } as const
    expect(describeRows([mine], undefined, [entry({ createdAt: at(0), status: sent })])).toEqual([['1', 'pending']])
    expect(describeRows([mine], undefined, [entry({ replyTo: 1 }), entry({ clientId: uuid(2) })])).toEqual([['1', 'pending', 'pending+']])
  })

  it('have keys of their own, even where a day comes back', () => {
    const keys = logDays({
      messages: [message(1), message(2, bob, { time: nextDay }), message(3)],
      pending: [],
      dividerSeq: undefined,
      me: 'ann',
    }).map(({ key }) => key)
    expect(new Set(keys).size).toBe(3)
  })
})

describe(rule('C14', 'facts'), () => {
  it('of one person in a row are one line', () => {
    expect(describeRows([fact(1), fact(2), fact(3, ann), fact(4), message(5), fact(6)])).toEqual([
      ['facts 1 2', 'facts 3', 'facts 4', '5', 'facts 6'],
    ])
    expect(describeRows([fact(1), fact(2)], 2)).toEqual([['facts 1', 'divider', 'facts 2']])
  })
})
