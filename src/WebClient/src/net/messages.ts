import type { Store } from '../model/store'
import type { Answer, ChangeAnswer, Methods, Version, WireError } from '../protocol/wire'
import type { Calls } from './calls'

export type WhyNotified = Methods['WhyNotified']['answer']

/** What somebody does with one message. What comes of it arrives as an event, for me as for everybody. */
export class Messages {
  readonly #store: Store
  readonly #calls: Calls
  #versionsHidden = false

  constructor(store: Store, calls: Calls) {
    this.#store = store
    this.#calls = calls
  }

  /** The tenant does not show what a message said before: known once it has refused to. */
  get versionsHidden(): boolean {
    return this.#versionsHidden
  }

  /** Adds my reaction, or takes it back. */
  react(conversationId: string, seq: number, emoji: string, add: boolean): Promise<Answer<ChangeAnswer>> {
    return this.#calls.change('React', { conversationId, seq, emoji, add })
  }

  delete(conversationId: string, seq: number): Promise<Answer<ChangeAnswer>> {
    return this.#calls.change('Delete', { conversationId, seq })
  }

  /** Unread from this message on, on every device, until I come back to the conversation (U8). */
  async markUnread(conversationId: string, fromSeq: number): Promise<WireError | undefined> {
    const answer = await this.#calls.ask('MarkUnread', { conversationId, fromSeq })
    if (!answer.ok) return answer.error
    this.#store.dispatch({ type: 'unreadRead', conversationId, unread: answer.unread })
    return undefined
  }

  async versions(conversationId: string, seq: number): Promise<Answer<{ versions: Version[] }>> {
    const answer = await this.#calls.ask('Versions', { conversationId, seq })
    if (!answer.ok && answer.error.code === 'forbidden') this.#versionsHidden = true
    return answer
  }

  whyNotified(conversationId: string, seq: number): Promise<Answer<WhyNotified>> {
    return this.#calls.ask('WhyNotified', { conversationId, seq })
  }

  /** Lets my message notify at once those whom it mentions and who ask not to be disturbed (N6). */
  notifyNow(conversationId: string, seq: number): Promise<Answer<Methods['NotifyNow']['answer']>> {
    return this.#calls.ask('NotifyNow', { conversationId, seq })
  }
}
