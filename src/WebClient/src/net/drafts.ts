import { type Drafts } from '../model/drafts'
import type { Store } from '../model/store'
import type { Feature } from './calls'
import type { Clock } from './clock'
import type { DraftStorage } from './draftStorage'

/** Keeps what was begun to be written: on disk at once, whoever changed it. */
export class DraftKeeper implements Feature {
  readonly #store: Store
  readonly #clock: Clock
  readonly #storage: DraftStorage
  #saved: Drafts = new Map()
  #end: () => void = () => undefined

  constructor(store: Store, clock: Clock, storage: DraftStorage) {
    this.#store = store
    this.#clock = clock
    this.#storage = storage
  }

  start(): void {
    this.stop()
    this.#saved = this.#storage.load(this.#clock.now())
    this.#store.dispatch({ type: 'draftsRestored', drafts: this.#saved })
    const endWatching = this.#storage.watch((key, text) => {
      this.#take(key, text)
    })
    const unsubscribe = this.#store.subscribe(() => {
      this.#save()
    })
    this.#end = () => {
      endWatching()
      unsubscribe()
    }
    this.#save()
  }

  stop(): void {
    this.#end()
    this.#end = () => undefined
  }

  change(key: string, text: string): void {
    this.#store.dispatch({ type: 'draftChanged', conversationId: key, text })
  }

  /** Who signs out leaves nothing behind on this machine. */
  forget(): void {
    this.stop()
    this.#storage.clear()
  }

  /** Another tab of mine has changed it: it is the same text in another window. */
  #take(key: string, text: string): void {
    this.#saved = withEntry(this.#saved, key, text)
    this.change(key, text)
  }

  #save(): void {
    const { drafts } = this.#store.get()
    if (drafts === this.#saved) return
    for (const key of new Set([...drafts.keys(), ...this.#saved.keys()])) {
      const text = drafts.get(key) ?? ''
      if (text !== (this.#saved.get(key) ?? '')) this.#storage.save(key, text, this.#clock.now())
    }
    this.#saved = drafts
  }
}

function withEntry(drafts: Drafts, key: string, text: string): Drafts {
  return new Map(drafts).set(key, text)
}
