import type { Message } from '../protocol/wire'
import type { OutboxEntry } from './outbox'

/** One thing in the message log. Keys are stable: a message keeps its place while others come and go around it. */
export type LogRow =
  | { type: 'divider'; key: string }
  | { type: 'message'; key: string; message: Message; continues: boolean }
  /** What one person did without a word between: one line that opens (C14). */
  | { type: 'facts'; key: string; messages: readonly Message[] }
  | { type: 'pending'; key: string; entry: OutboxEntry; continues: boolean }

/** What was written on one day of the reader's. */
export type LogDay = { key: string; day: number; rows: LogRow[] }

const groupMs = 5 * 60 * 1000

export type RowsInput = {
  messages: readonly Message[]
  pending: readonly OutboxEntry[]
  dividerSeq: number | undefined
  me: string
}

/** Messages as they stand on the screen: by days, the divider between them, one author's together, pending ones last. */
export function logDays({ messages, pending, dividerSeq, me }: RowsInput): LogDay[] {
  const days = new Days()
  let before: Message | undefined
  for (const message of messages) {
    const newDay = days.enter(dayOfMessage(message))
    const divided = message.seq === dividerSeq
    if (divided) days.add({ type: 'divider', key: 'divider' })
    if (message.kind === 'system') days.addFact(message)
    else {
      const continues = !newDay && !divided && before !== undefined && belongTogether(before, message)
      days.add({ type: 'message', key: `seq ${message.seq}`, message, continues })
    }
    before = message
  }
  // As they will stand when they have been sent, as far as the clocks here and there agree: then nothing moves.
  let mineAt = before?.kind === 'text' && before.author.userId === me ? Date.parse(before.time) : -Infinity
  for (const entry of pending) {
    const at = entry.status.type === 'sent' ? Date.parse(entry.status.time) : entry.createdAt
    const newDay = days.enter(startOfDay(at))
    days.add({ type: 'pending', key: `pending ${entry.clientId}`, entry, continues: !newDay && followsOn(mineAt, at, entry.replyTo) })
    mineAt = at
  }
  return days.all
}

class Days {
  readonly all: LogDay[] = []
  readonly #keys = new Map<number, number>()

  /** True when another day begins. */
  enter(day: number): boolean {
    if (this.all.at(-1)?.day === day) return false
    // Clocks of servers may differ a little: a day may come back at midnight.
    const times = this.#keys.get(day) ?? 0
    this.#keys.set(day, times + 1)
    this.all.push({ key: `day ${day} ${times}`, day, rows: [] })
    return true
  }

  add(row: LogRow): void {
    this.all.at(-1)?.rows.push(row)
  }

  addFact(message: Message): void {
    const rows = this.all.at(-1)?.rows
    const last = rows?.at(-1)
    if (rows !== undefined && last?.type === 'facts' && last.messages[0]?.author.userId === message.author.userId) {
      rows[rows.length - 1] = { ...last, messages: [...last.messages, message] }
    } else this.add({ type: 'facts', key: `seq ${message.seq}`, messages: [message] })
  }
}

const dayOf = new WeakMap<Message, number>()

/** When the reader's day began on which it was written; asked for again with every row that comes, so it is kept. */
function dayOfMessage(message: Message): number {
  let day = dayOf.get(message)
  if (day === undefined) {
    day = startOfDay(Date.parse(message.time))
    dayOf.set(message, day)
  }
  return day
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0)
}

/** Whether a message stands under the one before it without a head of its own, on the same day. */
export function belongTogether(before: Message, message: Message): boolean {
  return (
    before.kind === 'text' &&
    before.author.userId === message.author.userId &&
    followsOn(Date.parse(before.time), Date.parse(message.time), message.replyTo)
  )
}

/** Of one person: soon after the one before, and without a quote, which needs a head above it. */
function followsOn(beforeAt: number, at: number, answers: unknown): boolean {
  return answers === undefined && at - beforeAt < groupMs
}
