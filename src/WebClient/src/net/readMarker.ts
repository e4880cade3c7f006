import type { Store } from '../model/store'
import type { Feature } from './calls'
import type { Clock } from './clock'
import type { Connection } from './connection'

/** Not more often than this is the server told what has been displayed. */
export const markReadEveryMs = 1_000

/** How far a conversation was displayed, and the farthest cursor that was seen since. */
type Displayed = { seq: number; readSeq: number }

/** Tells the server how far a conversation was really displayed, for as long as it does not know. */
export class ReadMarker implements Feature {
  readonly #store: Store
  readonly #connection: Pick<Connection, 'call'>
  readonly #clock: Clock
  readonly #displayed = new Map<string, Displayed>()
  #running = false
  #busy = false
  #notBefore = 0
  #cancelTimer: (() => void) | undefined

  constructor(store: Store, connection: Pick<Connection, 'call'>, clock: Clock) {
    this.#store = store
    this.#connection = connection
    this.#clock = clock
  }

  synchronised(): void {
    this.#running = true
    this.moved()
  }

  lost(): void {
    this.#running = false
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  displayed(conversationId: string, seq: number): void {
    // Just left it may still be looked at by what reports it.
    if (this.#store.get().open?.id !== conversationId || this.#isFrozen(conversationId)) return
    if (seq <= (this.displayedUpTo(conversationId) ?? 0)) return
    this.#displayed.set(conversationId, { seq, readSeq: this.#displayed.get(conversationId)?.readSeq ?? 0 })
    this.moved()
  }

  /** How far it was really displayed, as far as this visit tells. */
  displayedUpTo(conversationId: string): number | undefined {
    return this.#displayed.get(conversationId)?.seq
  }

  /** Called whenever counts may have changed. */
  moved(): void {
    this.#forgetMarkedUnread()
    if (!this.#running || this.#busy || this.#cancelTimer !== undefined) return
    const next = this.#next()
    if (next === undefined) return
    const wait = this.#notBefore - this.#clock.now()
    if (wait <= 0) {
      void this.#mark(next.id, next.seq)
      return
    }
    this.#cancelTimer = this.#clock.after(wait, () => {
      this.#cancelTimer = undefined
      this.moved()
    })
  }

  /** A cursor that went back, here or on another device, stays there until the conversation is displayed again (U8). */
  #forgetMarkedUnread(): void {
    const { conversations } = this.#store.get()
    for (const [id, displayed] of this.#displayed) {
      const readSeq = conversations.get(id)?.unread?.readSeq
      if (readSeq === undefined) continue
      if (readSeq < displayed.readSeq) this.#displayed.delete(id)
      else displayed.readSeq = readSeq
    }
  }

  /** A conversation that counts messages which were displayed. Where nothing is unread there is nothing to tell. */
  #next(): { id: string; seq: number } | undefined {
    const { conversations } = this.#store.get()
    for (const [id, { seq }] of this.#displayed) {
      const unread = conversations.get(id)?.unread
      if (unread !== undefined && unread.unread > 0 && seq > unread.readSeq) return { id, seq }
    }
    return undefined
  }

  #isFrozen(conversationId: string): boolean {
    const { open } = this.#store.get()
    return open?.id === conversationId && open.frozen === true
  }

  async #mark(conversationId: string, upToSeq: number): Promise<void> {
    this.#busy = true
    this.#notBefore = this.#clock.now() + markReadEveryMs
    try {
      const answer = await this.#connection.call('MarkRead', { conversationId, upToSeq })
      if (answer.ok) this.#store.dispatch({ type: 'unreadRead', conversationId, unread: answer.unread })
      else if (answer.error.retryAfterMs === undefined && answer.error.code !== 'timeout') this.#displayed.delete(conversationId)
      else this.#notBefore = this.#clock.now() + Math.max(markReadEveryMs, answer.error.retryAfterMs ?? 0)
    } catch {
      // Unknown: what the server counts after reconnecting decides whether it is said again.
    } finally {
      this.#busy = false
    }
    this.moved()
  }
}
