import { type DraftContent, type Drafts, editedIn, isEditKey } from '../model/drafts'
import type { Store } from '../model/store'
import { messageAt } from '../model/timeline'
import type { ServerEvent } from '../protocol/wire'
import type { Calls, Feature } from './calls'
import type { Clock } from './clock'
import type { DraftStorage, StoredDraft } from './draftStorage'
import { DraftSync, type LocalDrafts } from './draftSync'

/** Keeps what was begun to be written: on disk at once, whoever changed it, and on the server a little later. */
export class DraftKeeper implements Feature, LocalDrafts {
  readonly #store: Store
  readonly #calls: Calls
  readonly #clock: Clock
  readonly #storage: DraftStorage
  readonly #sync: DraftSync
  /** As it is on disk. */
  readonly #kept = new Map<string, DraftContent>()
  /** What drafts answer, until their conversations are open and that message is here. */
  readonly #answered = new Map<string, number>()
  readonly #joinedListeners = new Set<(conversationId: string) => void>()
  /** Where the text of an edit became the draft, and nobody was told of it yet. */
  readonly #rescued = new Set<string>()
  readonly #rescueListeners = new Set<() => void>()
  #lookedAt: unknown[] = []
  #taking = false
  #end: () => void = () => undefined

  constructor(store: Store, calls: Calls, clock: Clock, storage: DraftStorage) {
    this.#store = store
    this.#calls = calls
    this.#clock = clock
    this.#storage = storage
    this.#sync = new DraftSync(this, calls, clock)
  }

  start(): void {
    this.#end()
    const stored = this.#storage.load(this.#clock.now())
    for (const [key, draft] of stored) this.#restore(key, draft)
    this.#store.dispatch({ type: 'draftsRestored', drafts: textsOf(stored) })
    const endWatching = this.#storage.watch((key, draft) => {
      this.#hearTab(key, draft)
    })
    const unsubscribe = this.#store.subscribe(({ type }) => {
      this.#keep(type !== 'draftChanged')
    })
    this.#end = () => {
      endWatching()
      unsubscribe()
    }
    this.#keep()
  }

  stop(): void {
    this.#sync.stop()
    this.#end()
    this.#end = () => undefined
  }

  change(key: string, text: string): void {
    this.#store.dispatch({ type: 'draftChanged', conversationId: key, text })
  }

  /** The page is hidden, and may never come back: what the server does not have yet goes there now. */
  flush(): void {
    this.#sync.flush()
  }

  /** Who signs out leaves nothing behind on this machine. */
  forget(): void {
    this.stop()
    this.#storage.clear()
  }

  /** Tells of drafts that were written in two places and have both texts now, until it is ended by the answer. */
  watchJoined(listener: (conversationId: string) => void): () => void {
    this.#joinedListeners.add(listener)
    return () => {
      this.#joinedListeners.delete(listener)
    }
  }

  /**
   * Tells, once, that what was written for a message of this conversation became its draft, as that message was deleted:
   * at once where that was before anybody listened. Until it is ended by the answer.
   */
  watchRescued(conversationId: string, listener: () => void): () => void {
    const tell = () => {
      if (this.#rescued.delete(conversationId)) listener()
    }
    this.#rescueListeners.add(tell)
    tell()
    return () => {
      this.#rescueListeners.delete(tell)
    }
  }

  synchronised(): void {
    this.#sync.synchronised()
    this.moved()
  }

  lost(): void {
    this.#sync.lost()
  }

  received(event: ServerEvent): void {
    this.#sync.received(event)
  }

  /** A conversation may have been opened whose draft is an answer. */
  moved(): void {
    const { open, conversations } = this.#store.get()
    const seq = open === undefined ? undefined : this.#answered.get(open.id)
    if (open === undefined || seq === undefined || conversations.get(open.id)?.timeline === undefined) return
    this.#answered.delete(open.id)
    void this.#showAnswered(open.id, seq)
  }

  get ids(): Iterable<string> {
    return [...this.#store.get().drafts.keys()].filter((key) => !isEditKey(key))
  }

  of(key: string): DraftContent {
    const { drafts, composing } = this.#store.get()
    const text = drafts.get(key) ?? ''
    return text === '' ? { text } : { text, replyTo: composing.get(key)?.replyTo?.seq ?? this.#answered.get(key) }
  }

  take(key: string, draft: DraftContent): void {
    // Text and answer change together, and neither was written here.
    this.#taking = true
    const { composing } = this.#store.get()
    const shown = composing.get(key)?.replyTo?.seq
    if (draft.replyTo === undefined || draft.replyTo === shown) this.#answered.delete(key)
    else this.#answered.set(key, draft.replyTo)
    if (shown !== undefined && shown !== draft.replyTo) this.#store.dispatch({ type: 'replyDropped', conversationId: key })
    this.change(key, draft.text)
    this.#kept.set(key, this.of(key))
    this.#taking = false
    this.moved()
  }

  confirmed(key: string): void {
    this.#write(key)
  }

  joined(key: string): void {
    for (const listener of [...this.#joinedListeners]) listener(key)
  }

  #restore(key: string, { text, replyTo, version, clean }: StoredDraft): void {
    this.#kept.set(key, { text, replyTo })
    if (replyTo !== undefined) this.#answered.set(key, replyTo)
    if (isEditKey(key)) return
    this.#sync.restore(key, version ?? 0, clean === true ? { text, replyTo } : undefined)
  }

  /** Another tab of mine has changed it: it is the same text in another window. */
  #hearTab(key: string, { text, replyTo }: StoredDraft): void {
    this.#sync.changedElsewhere(key)
    this.take(key, { text, replyTo })
  }

  /** Writes what differs from what is there: from the first key on. `unasked`: not because somebody wrote. */
  #keep(unasked = false): void {
    const { drafts, composing } = this.#store.get()
    if (this.#taking) return
    if (this.#lookedAt[0] === drafts && this.#lookedAt[1] === composing) return
    this.#lookedAt = [drafts, composing]
    for (const key of new Set([...drafts.keys(), ...this.#kept.keys()])) {
      const content = this.of(key)
      const kept = this.#kept.get(key)
      if (content.text === (kept?.text ?? '') && content.replyTo === kept?.replyTo) continue
      if (content.text === '') this.#answered.delete(key)
      this.#kept.set(key, content)
      this.#write(key)
      if (!isEditKey(key)) this.#sync.changed(key)
      else if (unasked && content.text === '') this.#rescued.add(editedIn(key))
    }
    for (const tell of [...this.#rescueListeners]) tell()
  }

  #write(key: string): void {
    const content = this.of(key)
    const state = isEditKey(key) ? {} : { version: this.#sync.seen(key).version, clean: this.#sync.isClean(key) }
    this.#storage.save(key, { ...content, ...state }, this.#clock.now())
  }

  async #showAnswered(conversationId: string, seq: number): Promise<void> {
    let message = messageAt(this.#store.get().conversations.get(conversationId)?.timeline, seq)
    if (message === undefined) {
      const page = await this.#calls.read('History', { conversationId, anchor: 'around', seq, limit: 1 })
      message = page?.messages.find((each) => each.seq === seq)
    }
    const { composing, drafts } = this.#store.get()
    if (message?.kind !== 'text' || message.deletedAt !== undefined) return
    if (composing.has(conversationId) || !drafts.has(conversationId)) return
    this.#store.dispatch({ type: 'replyChosen', conversationId, message })
  }
}

function textsOf(stored: ReadonlyMap<string, StoredDraft>): Drafts {
  return new Map([...stored].flatMap(([key, { text }]) => (text === '' ? [] : [[key, text]])))
}
