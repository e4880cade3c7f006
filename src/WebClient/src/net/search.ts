import type { Store } from '../model/store'
import type { Calls } from './calls'
import type { Clock } from './clock'

const page = 20
/** A page may be empty and go on: so many are read by themselves before somebody has to ask for more. */
const emptyPagesMax = 10
const askAgainMs = 1_000

/** Searches the text of messages; one search at a time, the last one asked for. */
export class Search {
  readonly #store: Store
  readonly #calls: Calls
  readonly #clock: Clock
  /** Rises with every search: what an earlier one still answers is dropped. */
  #round = 0

  constructor(store: Store, calls: Calls, clock: Clock) {
    this.#store = store
    this.#calls = calls
    this.#clock = clock
  }

  readonly begin = (query: string): void => {
    const round = ++this.#round
    this.#store.dispatch({ type: 'searchBegan', query })
    if (query !== '') void this.#read(round, query, undefined)
  }

  readonly more = (): void => {
    const { query, status, next } = this.#store.get().search
    if (status === 'searching' || next === undefined) return
    this.#store.dispatch({ type: 'searchContinued' })
    void this.#read(this.#round, query, next)
  }

  async #read(round: number, query: string, from: string | undefined): Promise<void> {
    let after = from
    for (let pages = 0; pages < emptyPagesMax; ) {
      const answer = await this.#calls.ask('Search', { query, limit: page, ...(after === undefined ? {} : { after }) })
      if (round !== this.#round) return
      if (answer.ok) {
        const { messages, next } = answer
        pages++
        const goesOn = messages.length === 0 && next !== undefined && pages < emptyPagesMax
        if (goesOn) {
          after = next
          continue
        }
        this.#store.dispatch({ type: 'searchAnswered', query, messages, next })
        return
      }
      const { code, message, retryAfterMs } = answer.error
      if (retryAfterMs === undefined && code !== 'timeout') {
        const problem = code === 'invalidQuery' ? message : undefined
        this.#store.dispatch({ type: 'searchRefused', query, problem })
        return
      }
      await new Promise<void>((resolve) => {
        this.#clock.after(retryAfterMs ?? askAgainMs, resolve)
      })
      if (round !== this.#round) return
    }
  }
}
