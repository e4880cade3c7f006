import type { Store } from '../model/store'
import type { Methods } from '../protocol/wire'
import type { Calls } from './calls'

const page = 50

/** Reads who belongs to a conversation, page by page. */
export class Members {
  readonly #store: Store
  readonly #calls: Calls

  constructor(store: Store, calls: Calls) {
    this.#store = store
    this.#calls = calls
  }

  /** How many there are. Undefined when nobody can be asked for now, or I do not belong to it. */
  async count(conversationId: string): Promise<number | undefined> {
    return (await this.#calls.read('Members', { conversationId, limit: 1 }))?.count
  }

  /** Undefined when nobody can be asked for now, or I do not belong to it. */
  async read(conversationId: string, after?: string): Promise<Methods['Members']['answer'] | undefined> {
    const answer = await this.#calls.read('Members', { conversationId, limit: page, ...(after === undefined ? {} : { after }) })
    if (answer !== undefined) this.#store.dispatch({ type: 'peopleFound', people: answer.members })
    return answer
  }
}
