import type { DraftContent } from '../model/drafts'
import type { KeyValueStorage, WatchStorage } from './outboxStorage'

/** With the version of the server's draft that was seen, and whether that is this one. */
export type StoredDraft = DraftContent & { version?: number; clean?: boolean }

type Stored = StoredDraft & { at: number }

/** A text that nobody came back to for so long is forgotten on this machine. */
const keptForMs = 60 * 24 * 60 * 60 * 1000

/**
 * Drafts on disk, from the first key on: neither a reload nor a crash loses them. One item per draft, keyed by tenant
 * and user: several tabs do not overwrite each other, and nobody else reads them.
 */
export class DraftStorage {
  readonly #storage: KeyValueStorage
  readonly #prefix: string
  readonly #watchStorage: WatchStorage

  constructor(storage: KeyValueStorage, tenant: string, userId: string, watchStorage: WatchStorage = () => () => undefined) {
    this.#storage = storage
    this.#prefix = `chat.draft/${encodeURIComponent(tenant)}/${encodeURIComponent(userId)}/`
    this.#watchStorage = watchStorage
  }

  load(now: number): ReadonlyMap<string, StoredDraft> {
    const drafts = new Map<string, StoredDraft>()
    try {
      for (const key of this.#keys()) {
        const stored = parse(this.#storage.getItem(key))
        if (stored === undefined || now - stored.at > keptForMs) this.#storage.removeItem(key)
        else drafts.set(key.slice(this.#prefix.length), stored)
      }
    } catch {
      // A browser may refuse storage altogether; drafts then live as long as the page.
    }
    return drafts
  }

  save(key: string, draft: StoredDraft, now: number): void {
    try {
      // An empty one that the server does not know of yet is kept too: else its text would come back from there.
      if (draft.text === '' && draft.clean !== false) this.#storage.removeItem(this.#prefix + key)
      else this.#storage.setItem(this.#prefix + key, JSON.stringify({ ...draft, at: now } satisfies Stored))
    } catch {
      // Full or refused: see load().
    }
  }

  /** Who signs out leaves nothing behind on this machine. */
  clear(): void {
    try {
      for (const key of this.#keys()) this.#storage.removeItem(key)
    } catch {
      // Nothing could be written either: see load().
    }
  }

  /** Tells of drafts that another tab changes, until it is ended by the answer. */
  watch(onChanged: (key: string, draft: StoredDraft) => void): () => void {
    return this.#watchStorage((key, value) => {
      if (key?.startsWith(this.#prefix) !== true) return
      onChanged(key.slice(this.#prefix.length), parse(value) ?? { text: '' })
    })
  }

  #keys(): string[] {
    const keys = []
    for (let index = 0; index < this.#storage.length; index++) {
      const key = this.#storage.key(index)
      if (key?.startsWith(this.#prefix) === true) keys.push(key)
    }
    return keys
  }
}

function parse(value: string | null): Stored | undefined {
  if (value === null) return undefined
  try {
    const stored = JSON.parse(value) as Stored
    return typeof stored.text === 'string' && typeof stored.at === 'number' ? stored : undefined
  } catch {
    return undefined
  }
}
