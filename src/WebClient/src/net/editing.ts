import { editKey } from '../model/drafts'
import type { Store } from '../model/store'
import type { ErrorCode, Message } from '../protocol/wire'
import type { Calls } from './calls'
import type { DraftKeeper } from './drafts'

export type EditResult =
  | { type: 'saved' }
  /** It would notify so many people: to be asked, then saved with `wideConfirmed`. */
  | { type: 'asks'; recipients: number }
  /** Somebody, on another device, was faster: the message as it stands. */
  | { type: 'stale'; message: Message }
  | { type: 'refused'; code: ErrorCode }

/** Replaces texts of mine. What was written stays until the server has it. */
export class Editing {
  readonly #store: Store
  readonly #calls: Calls
  readonly #drafts: DraftKeeper

  constructor(store: Store, calls: Calls, drafts: DraftKeeper) {
    this.#store = store
    this.#calls = calls
    this.#drafts = drafts
  }

  /** `seen`: the message as it was when its new text was begun. */
  async save(conversationId: string, seen: Message, text: string, wideConfirmed = false): Promise<EditResult> {
    const { seq, version } = seen
    if (text.normalize('NFC') === seen.text) {
      this.cancel(conversationId, seq)
      return { type: 'saved' }
    }
    const confirmed = wideConfirmed ? { wideConfirmed } : {}
    const answer = await this.#calls.change('Edit', { conversationId, seq, version, text, ...confirmed })
    if (answer.ok) {
      this.cancel(conversationId, seq)
      this.#store.dispatch({ type: 'namedWithoutTelling', conversationId, userIds: answer.notMembers ?? [] })
      return { type: 'saved' }
    }
    const { code, recipients } = answer.error
    if (code === 'confirmationNeeded') return { type: 'asks', recipients: recipients ?? 0 }
    if (code === 'versionStale') {
      const message = await this.#read(conversationId, seq)
      if (message !== undefined) return { type: 'stale', message }
    }
    return { type: 'refused', code }
  }

  /** Ends the edit; its text is forgotten. */
  cancel(conversationId: string, seq: number): void {
    this.#drafts.change(editKey(conversationId, seq), '')
    if (this.#store.get().composing.get(conversationId)?.editing?.seq === seq) {
      this.#store.dispatch({ type: 'editDropped', conversationId })
    }
  }

  async #read(conversationId: string, seq: number): Promise<Message | undefined> {
    const page = await this.#calls.read('History', { conversationId, anchor: 'around', seq, limit: 1 })
    return page?.messages.find((message) => message.seq === seq)
  }
}
