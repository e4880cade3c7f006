import type { Store } from '../model/store'
import type { Conversation } from '../protocol/wire'
import type { Calls, Feature } from './calls'
import { listPage } from './synchroniser'

/**
 * The chat list page by page: on as far as conversations are unread, so that what is counted over all of them is exact,
 * further when somebody scrolls there, and after a reconnect as far as before.
 */
export class ListPages implements Feature {
  readonly #store: Store
  readonly #calls: Calls
  #running = false
  #reading = false
  /** As many as there were. */
  #had = 0

  constructor(store: Store, calls: Calls) {
    this.#store = store
    this.#calls = calls
  }

  synchronised(): void {
    this.#running = true
    this.moved()
  }

  lost(): void {
    this.#running = false
  }

  moved(): void {
    const { conversations, listUnreadGoesOn, buffered } = this.#store.get()
    if (!this.#running || buffered !== undefined) return
    const shrunk = conversations.size < this.#had
    this.#had = Math.max(this.#had, conversations.size)
    if (listUnreadGoesOn || shrunk) void this.more()
  }

  /** The next page, if there is one. */
  async more(): Promise<void> {
    const { listNext, buffered } = this.#store.get()
    if (!this.#running || listNext === undefined || buffered !== undefined || this.#reading) return
    this.#reading = true
    let answer
    try {
      answer = await this.#calls.read('ListConversations', { limit: listPage, after: listNext })
    } finally {
      this.#reading = false
    }
    // After a reconnect the list begins anew: this page continues one that is no longer shown.
    if (answer === undefined || this.#store.get().listNext !== listNext) return
    this.#store.dispatch({ type: 'listRead', conversations: answer.conversations, next: answer.next, first: false })
  }

  /** Conversations with somebody of this name, and groups that have or had it. Undefined when nobody can be asked. */
  async find(filter: string, limit: number): Promise<Conversation[] | undefined> {
    return (await this.#calls.read('ListConversations', { filter, limit }))?.conversations
  }
}
