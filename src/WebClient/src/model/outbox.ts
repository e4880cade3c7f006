import type { ErrorCode, Message } from '../protocol/wire'

/** A message on its way. It is kept until the conversation itself shows it: an answer that is lost proves nothing. */
export type OutboxEntry = {
  clientId: string
  conversationId: string
  text: string
  /** The `seq` of the message that this one answers. */
  replyTo?: number
  /** Its author knows how many people it notifies. */
  wideConfirmed?: boolean
  createdAt: number
  /** Place among the entries of this client: what was written first is sent first. */
  order: number
  status: OutboxStatus
}

export type OutboxStatus =
  | { type: 'sending' }
  /** Stored by the server, but the change that carries it is not here yet. */
  | { type: 'sent'; seq: number; rev: number; time: string }
  /** `recipients`: how many people it would notify, with `confirmationNeeded`. */
  | { type: 'failed'; reason: FailureReason; recipients?: number }

export type FailureReason = ErrorCode | 'tooOld' | 'notUnderstood'

export type Outbox = readonly OutboxEntry[]

/** Sending it again answers what it was refused for, where that can be answered. */
export function retryEntry(entry: OutboxEntry, now: number): OutboxEntry {
  if (entry.status.type !== 'failed') return entry
  const { reason } = entry.status
  const again: OutboxEntry = { ...entry, createdAt: now, status: { type: 'sending' } }
  if (reason === 'confirmationNeeded') again.wideConfirmed = true
  // What it answered is gone: it can still be said.
  if (reason === 'messageNotFound') delete again.replyTo
  return again
}

export type PostRefusal = { type: 'passes'; retryAfterMs: number | undefined } | { type: 'definite'; reason: FailureReason }

/** After this a message is not sent by itself any more: it may not fit what has been said since. */
export const automaticRetryMaxMs = 24 * 60 * 60 * 1000

export function refusalOf(code: ErrorCode, retryAfterMs: number | undefined): PostRefusal {
  switch (code) {
    case 'rateLimited':
    case 'overloaded':
    case 'unavailable':
    case 'timeout':
      return { type: 'passes', retryAfterMs }
    default:
      // A code of a newer server: a refusal that names a time is one that passes.
      return retryAfterMs === undefined ? { type: 'definite', reason: code } : { type: 'passes', retryAfterMs }
  }
}

export function addEntry(outbox: Outbox, entry: OutboxEntry): Outbox {
  if (outbox.some((known) => known.clientId === entry.clientId)) return outbox
  return [...outbox, entry].sort((a, b) => a.order - b.order)
}

export function removeEntry(outbox: Outbox, clientId: string): Outbox {
  return outbox.some((entry) => entry.clientId === clientId)
    ? outbox.filter((entry) => entry.clientId !== clientId)
    : outbox
}

export function setStatus(outbox: Outbox, clientId: string, status: OutboxStatus): Outbox {
  return outbox.map((entry) => (entry.clientId === clientId ? { ...entry, status } : entry))
}

/** The entry of each conversation that is to be sent next: one at a time keeps the order, whatever is refused. */
export function nextToSend(outbox: Outbox): OutboxEntry[] {
  const next = new Map<string, OutboxEntry>()
  for (const entry of outbox) {
    if (entry.status.type === 'sending' && !next.has(entry.conversationId)) next.set(entry.conversationId, entry)
  }
  return [...next.values()]
}

export function expireOld(outbox: Outbox, now: number): Outbox {
  const tooOld = (entry: OutboxEntry) =>
    entry.status.type === 'sending' && now - entry.createdAt >= automaticRetryMaxMs
  if (!outbox.some(tooOld)) return outbox
  return outbox.map((entry) => (tooOld(entry) ? { ...entry, status: { type: 'failed', reason: 'tooOld' } } : entry))
}

/** Removes what these messages show: my own, met by `clientId`. */
export function meetEchoes(outbox: Outbox, conversationId: string, messages: readonly Message[], me: string): Outbox {
  if (outbox.length === 0) return outbox
  const shown = new Set(messages.filter((message) => message.author.userId === me).map((message) => message.clientId))
  const left = outbox.filter((entry) => entry.conversationId !== conversationId || !shown.has(entry.clientId))
  return left.length === outbox.length ? outbox : left
}
