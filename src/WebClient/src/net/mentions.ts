import type { Store } from '../model/store'
import type { ServerEvent } from '../protocol/wire'
import type { Calls, Feature } from './calls'

const page = 30

/** Reads the mentions view for as long as somebody looks at it. */
export class Mentions implements Feature {
  readonly #store: Store
  readonly #calls: Calls
  #viewers = 0
  #reading = false
  #again = false

  constructor(store: Store, calls: Calls) {
    this.#store = store
    this.#calls = calls
  }

  /** Somebody looks at the view; the answer ends it. */
  readonly watch = (unreadOnly: boolean): (() => void) => {
    this.#viewers++
    this.#store.dispatch({ type: 'mentionsWanted', unreadOnly })
    void this.#read(true)
    return () => {
      this.#viewers--
    }
  }

  readonly more = (): void => {
    if (this.#store.get().mentions.next !== undefined) void this.#read(false)
  }

  async mark(conversationId: string, seq: number, done: boolean): Promise<boolean> {
    const answer = await this.#calls.ask('MarkMentionDone', { conversationId, seq, done })
    if (answer.ok) this.#store.dispatch({ type: 'mentionMarked', conversationId, seq, done })
    return answer.ok
  }

  /** What was missed may have mentioned me. */
  synchronised(): void {
    if (this.#viewers > 0) void this.#read(true)
  }

  received(event: ServerEvent): void {
    if (event.type === 'mentionMarked') this.#store.dispatch(event)
    if (this.#viewers === 0 || event.type !== 'messagePosted') return
    if (event.message.mentions?.users.includes(this.#store.get().me.userId) === true) void this.#read(true)
  }

  async #read(first: boolean): Promise<void> {
    if (this.#reading) {
      // The first page is wanted anew; what is being read may be of another choice, or older than what was missed.
      this.#again ||= first
      return
    }
    this.#reading = true
    try {
      let fromStart = first
      for (;;) {
        this.#again = false
        const { unreadOnly, next } = this.#store.get().mentions
        const after = fromStart || next === undefined ? {} : { after: next }
        const answer = await this.#calls.read('Mentions', { limit: page, unreadOnly, ...after })
        if (answer === undefined) break
        const { mentions, next: following } = answer
        this.#store.dispatch({ type: 'mentionsRead', unreadOnly, mentions, next: following, first: fromStart })
        if (!this.#wantedAgain()) break
        fromStart = true
      }
    } finally {
      this.#reading = false
    }
  }

  #wantedAgain(): boolean {
    return this.#again
  }
}
