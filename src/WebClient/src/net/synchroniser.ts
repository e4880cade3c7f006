import { heldPoints, holes } from '../model/chatReducer'
import type { Store } from '../model/store'
import type { MethodName, Methods, SyncPoint, WireError } from '../protocol/wire'
import type { Clock } from './clock'
import type { Connection } from './connection'

export const listPage = 50

/** Conversations asked for with one `Sync`: the server bounds an answer's size, and resets what does not fit into it. */
export const syncPage = 20

/** Before reading again what could not be read, when the server does not say how long to wait. */
const readAgainMs = 1_000

/** An answer that did not close the hole it was asked for is no reason to ask without a pause. */
const sameHoleMs = 1_000

/**
 * Keeps what is held equal to what the server has: reads the list and what changed after every registration, and asks
 * for what a hole in `rev` shows to be missing.
 */
export class Synchroniser {
  readonly #store: Store
  readonly #connection: Pick<Connection, 'call'>
  readonly #clock: Clock
  readonly #onSynchronised: () => void
  /** Rises with every registration: what an earlier one was still reading is dropped. */
  #round = 0
  #repairing = false
  #lastRepair = ''
  #lastRepairAt = 0
  #cancelRepair: (() => void) | undefined

  constructor(store: Store, connection: Pick<Connection, 'call'>, clock: Clock, onSynchronised: () => void) {
    this.#store = store
    this.#connection = connection
    this.#clock = clock
    this.#onSynchronised = onSynchronised
  }

  /** The session is registered, or events were dropped: read, then apply what came meanwhile. */
  async begin(): Promise<void> {
    const round = ++this.#round
    this.#store.dispatch({ type: 'readingBegan' })
    try {
      const list = await this.#read(round, 'ListConversations', { limit: listPage })
      if (list === undefined) return
      const points = heldPoints(this.#store.get())
      this.#store.dispatch({ type: 'listRead', conversations: list.conversations, next: list.next, first: true })
      for (const chunk of chunksOf(points, syncPage)) {
        const answer = await this.#read(round, 'Sync', { conversations: chunk })
        if (answer === undefined) return
        this.#store.dispatch({ type: 'synced', conversations: answer.conversations })
      }
    } catch {
      return // The connection is lost; the next one begins anew.
    }
    this.#store.dispatch({ type: 'readingEnded' })
    this.#onSynchronised()
    this.repair()
  }

  /** The connection is lost. */
  end(): void {
    this.#round++
    this.#cancelRepair?.()
    this.#cancelRepair = undefined
  }

  /** Asks for what is missing, if anything is. Called whenever the state has moved. */
  repair(): void {
    if (this.#repairing || this.#cancelRepair !== undefined) return
    const points = holes(this.#store.get())
    if (points.length === 0) return
    const wait = JSON.stringify(points) === this.#lastRepair ? this.#lastRepairAt + sameHoleMs - this.#clock.now() : 0
    if (wait > 0) {
      this.#cancelRepair = this.#clock.after(wait, () => {
        this.#cancelRepair = undefined
        this.repair()
      })
      return
    }
    void this.#repair(points)
  }

  async #repair(points: SyncPoint[]): Promise<void> {
    const round = this.#round
    this.#repairing = true
    this.#lastRepair = JSON.stringify(points)
    this.#lastRepairAt = this.#clock.now()
    try {
      for (const chunk of chunksOf(points, syncPage)) {
        const answer = await this.#read(round, 'Sync', { conversations: chunk })
        if (answer === undefined) break
        this.#store.dispatch({ type: 'synced', conversations: answer.conversations })
      }
    } catch {
      return // The connection is lost; the next one reads everything.
    } finally {
      this.#repairing = false
    }
    if (round === this.#round) this.repair()
  }

  /** Reads until there is an answer. Undefined: another registration has taken over. */
  async #read<Name extends MethodName>(
    round: number,
    method: Name,
    request: Methods[Name]['request'],
  ): Promise<Methods[Name]['answer'] | undefined> {
    for (;;) {
      const answer = await this.#connection.call(method, request)
      if (round !== this.#round) return undefined
      if (answer.ok) return answer
      await this.#pause(answer.error)
      if (round !== this.#round) return undefined
    }
  }

  #pause(error: WireError): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(error.retryAfterMs ?? readAgainMs, resolve)
    })
  }
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks = []
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size))
  return chunks
}
