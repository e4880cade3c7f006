import { nextToSend, type OutboxEntry, refusalOf } from '../model/outbox'
import type { Store } from '../model/store'
import type { Feature } from './calls'
import type { Clock } from './clock'
import type { Connection } from './connection'
import { HubCallError } from './hubConnection'
import type { OutboxStorage } from './outboxStorage'
import type { ReadMarker } from './readMarker'

/** Before a post that the server could not take for now is repeated, when it does not say how long to wait. */
const retryBoundsMs = [500, 1_000, 2_000, 4_000, 8_000, 15_000] as const

/** How long the change that carries a stored message may be on its way before it is asked for. */
const echoMs = 2_000

const ageCheckMs = 60_000

/**
 * Sends the outbox: per conversation one message at a time, in the order written, each with the same `clientId` until
 * there is an answer. A lost connection and a timeout answer nothing: the message stays "sending".
 */
export class SendQueue implements Feature {
  readonly #store: Store
  readonly #connection: Pick<Connection, 'call'>
  readonly #clock: Clock
  readonly #storage: Pick<OutboxStorage, 'removedElsewhere'>
  readonly #readMarker: Pick<ReadMarker, 'displayedUpTo'>
  readonly #inFlight = new Set<string>()
  readonly #waiting = new Map<string, () => void>()
  readonly #echoes = new Map<string, () => void>()
  readonly #attempts = new Map<string, number>()
  #cancelAgeCheck: () => void = () => undefined
  #running = false

  constructor(
    store: Store,
    connection: Pick<Connection, 'call'>,
    clock: Clock,
    storage: Pick<OutboxStorage, 'removedElsewhere'>,
    readMarker: Pick<ReadMarker, 'displayedUpTo'>,
  ) {
    this.#store = store
    this.#connection = connection
    this.#clock = clock
    this.#storage = storage
    this.#readMarker = readMarker
  }

  /** The connection is there and what it missed has been read. */
  synchronised(): void {
    this.#running = true
    this.#age()
    this.moved()
  }

  /** The connection is lost: calls end by themselves, waits are over. */
  lost(): void {
    this.#running = false
    this.#cancelAgeCheck()
    for (const waits of [this.#waiting, this.#echoes]) {
      for (const cancel of waits.values()) cancel()
      waits.clear()
    }
    this.#attempts.clear()
  }

  /** Sends what may be sent now. Called whenever the outbox may have changed. */
  moved(): void {
    if (!this.#running) return
    const { outbox, buffered } = this.#store.get()
    if (buffered !== undefined) return
    for (const entry of outbox) if (entry.status.type === 'sent') this.#expectEcho(entry)
    for (const entry of nextToSend(outbox)) {
      if (this.#inFlight.has(entry.conversationId) || this.#waiting.has(entry.conversationId)) continue
      if (this.#storage.removedElsewhere(entry.clientId)) {
        // Another tab has discarded it; word of it is still on its way. The next one has its turn.
        this.#store.dispatch({ type: 'entryRemovedElsewhere', clientId: entry.clientId })
        this.moved()
        return
      }
      void this.#send(entry)
    }
  }

  async #send(entry: OutboxEntry): Promise<void> {
    const { conversationId, clientId } = entry
    this.#inFlight.add(conversationId)
    try {
      const answer = await this.#connection.call('Post', requestOf(entry, this.#readMarker.displayedUpTo(conversationId)))
      if (answer.ok) {
        this.#attempts.delete(clientId)
        const { notMembers } = answer
        if (notMembers !== undefined) this.#store.dispatch({ type: 'namedWithoutTelling', conversationId, userIds: notMembers })
        this.#store.dispatch({ type: 'postAnswered', clientId, seq: answer.seq, rev: answer.rev, time: answer.time })
      } else {
        const { code, retryAfterMs, recipients } = answer.error
        const refusal = refusalOf(code, retryAfterMs)
        if (refusal.type === 'definite') {
          const asked = recipients === undefined ? {} : { recipients }
          this.#store.dispatch({ type: 'postFailed', clientId, reason: refusal.reason, ...asked })
        } else this.#sendLater(entry, refusal.retryAfterMs)
      }
    } catch (error) {
      if (error instanceof HubCallError) this.#store.dispatch({ type: 'postFailed', clientId, reason: 'notUnderstood' })
      // Else the connection is lost: unknown, and sent again after the next one.
    } finally {
      this.#inFlight.delete(conversationId)
    }
    this.moved()
  }

  #sendLater({ conversationId, clientId }: OutboxEntry, retryAfterMs: number | undefined): void {
    if (!this.#running) return
    const attempt = this.#attempts.get(clientId) ?? 0
    this.#attempts.set(clientId, attempt + 1)
    const bound = retryBoundsMs[Math.min(attempt, retryBoundsMs.length - 1)] ?? retryBoundsMs[0]
    const cancel = this.#clock.after(Math.max(retryAfterMs ?? 0, bound), () => {
      this.#waiting.delete(conversationId)
      this.moved()
    })
    this.#waiting.set(conversationId, cancel)
  }

  #expectEcho({ clientId }: OutboxEntry): void {
    if (this.#echoes.has(clientId)) return
    const cancel = this.#clock.after(echoMs, () => {
      this.#echoes.delete(clientId)
      this.#store.dispatch({ type: 'echoMissing', clientId })
    })
    this.#echoes.set(clientId, cancel)
  }

  #age(): void {
    this.#cancelAgeCheck()
    this.#store.dispatch({ type: 'outboxAged', now: this.#clock.now() })
    this.#cancelAgeCheck = this.#clock.after(ageCheckMs, () => {
      this.#age()
    })
  }
}

/** What was displayed by then is read, and nothing beyond it (U6). */
function requestOf({ conversationId, clientId, text, replyTo, wideConfirmed }: OutboxEntry, lastSeenSeq: number | undefined) {
  return {
    conversationId,
    clientId,
    text,
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(wideConfirmed === undefined ? {} : { wideConfirmed }),
    ...(lastSeenSeq === undefined ? {} : { lastSeenSeq }),
  }
}
