import type { Message } from '../protocol/wire'
import type { OutboxEntry } from './outbox'

/** One thing in the message log. Keys are stable: a message keeps its place while others come and go around it. */
export type LogRow =
  | { type: 'day'; key: string; words: string }
  | { type: 'divider'; key: string }
  | { type: 'message'; key: string; message: Message; continues: boolean }
  | { type: 'fact'; key: string; message: Message }
  | { type: 'pending'; key: string; entry: OutboxEntry; continues: boolean }

const groupMs = 5 * 60 * 1000

export type RowsInput = {
  messages: readonly Message[]
  pending: readonly OutboxEntry[]
  dividerSeq: number | undefined
  me: string
  /** The day of a time in the reader's zone, as it is shown. */
  dayWords: (time: string) => string
}

/** Messages as they stand on the screen: days and the divider between them, one author's together, pending ones last. */
export function logRows({ messages, pending, dividerSeq, me, dayWords }: RowsInput): LogRow[] {
  const rows: LogRow[] = []
  let before: Message | undefined
  let dayBefore: string | undefined
  for (const message of messages) {
    const day = dayWords(message.time)
    const newDay = day !== dayBefore
    dayBefore = day
    if (newDay) rows.push({ type: 'day', key: `day ${message.seq}`, words: day })
    const divided = message.seq === dividerSeq
    if (divided) rows.push({ type: 'divider', key: 'divider' })
    if (message.kind === 'system') rows.push({ type: 'fact', key: `seq ${message.seq}`, message })
    else {
      const continues = !newDay && !divided && before !== undefined && belongTogether(before, message)
      rows.push({ type: 'message', key: `seq ${message.seq}`, message, continues })
    }
    before = message
  }
  let lastIsMine = before?.kind === 'text' && before.author.userId === me
  for (const entry of pending) {
    rows.push({ type: 'pending', key: `pending ${entry.clientId}`, entry, continues: lastIsMine })
    lastIsMine = true
  }
  return rows
}

function belongTogether(before: Message, message: Message): boolean {
  return (
    before.kind === 'text' &&
    before.author.userId === message.author.userId &&
    Date.parse(message.time) - Date.parse(before.time) < groupMs
  )
}
