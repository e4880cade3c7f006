import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { ann, bob, message, noon } from '../testing/samples'
import type { Message } from '../protocol/wire'
import { logRows } from './rows'

function at(seq: number, minutes: number, by = bob, more: Partial<Message> = {}): Message {
  return message(seq, by, { time: new Date(noon + minutes * 60_000).toISOString(), ...more })
}

function shape(messages: Message[], dividerSeq?: number): string[] {
  return logRows({ messages, pending: [], dividerSeq, me: 'ann', dayWords: (time) => time.slice(0, 10) }).map((row) =>
    row.type === 'message' ? `${row.message.seq}${row.continues ? '+' : ''}` : row.type,
  )
}

describe(rule('W6', 'rows'), () => {
  it('put together what one person wrote within five minutes', () => {
    expect(shape([at(1, 0), at(2, 4.99), at(3, 9.99), at(4, 10, ann), at(5, 11)])).toEqual(['day', '1', '2+', '3', '4', '5'])
  })

  it('begin a day with its date', () => {
    expect(shape([at(1, 719), at(2, 721)])).toEqual(['day', '1', 'day', '2'])
  })

  it('part at a system message and at the divider', () => {
    const fact = at(2, 1, bob, { kind: 'system', text: '', fact: { kind: 'left', targets: [] } })
    expect(shape([at(1, 0), fact, at(3, 2), at(4, 3)], 4)).toEqual(['day', '1', 'fact', '3', 'divider', '4'])
  })

  it('end with what is on its way', () => {
    const entry = { clientId: 'x', conversationId: 'g', text: 'hi', createdAt: 0, order: 1, status: { type: 'sending' } } as const
    const rows = logRows({ messages: [at(1, 0)], pending: [entry], dividerSeq: undefined, me: 'ann', dayWords: () => 'd' })
    expect(rows.at(-1)).toMatchObject({ type: 'pending', continues: false })
  })
})
