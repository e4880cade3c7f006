import type { Outbox, OutboxEntry } from '../model/outbox'

/** The part of `localStorage` that the outbox needs. */
export interface KeyValueStorage {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** Calls back when another tab changed the storage: which key (null: all of it), and its value now. The answer ends it. */
export type WatchStorage = (changed: (key: string | null, value: string | null) => void) => () => void

/**
 * The outbox on disk, so that neither a reload nor a crash loses what was written. One item per message: several tabs
 * of a person share the storage and must not overwrite each other. Keyed by tenant and user: nobody else reads it.
 */
export class OutboxStorage {
  readonly #storage: KeyValueStorage
  readonly #prefix: string
  readonly #watchStorage: WatchStorage
  /** What this tab knows to have been on disk. */
  #saved = new Map<string, OutboxEntry>()

  constructor(storage: KeyValueStorage, tenant: string, userId: string, watchStorage: WatchStorage = () => () => undefined) {
    this.#storage = storage
    this.#prefix = `chat.outbox/${encodeURIComponent(tenant)}/${encodeURIComponent(userId)}/`
    this.#watchStorage = watchStorage
  }

  load(): OutboxEntry[] {
    const entries: OutboxEntry[] = []
    try {
      for (let index = 0; index < this.#storage.length; index++) {
        const key = this.#storage.key(index)
        if (key?.startsWith(this.#prefix) !== true) continue
        const entry = parseEntry(this.#storage.getItem(key))
        if (entry !== undefined) entries.push(entry)
      }
    } catch {
      // A browser may refuse storage altogether; the outbox then lives as long as the page.
    }
    this.#saved = new Map(entries.map((entry) => [entry.clientId, entry]))
    return entries.sort((a, b) => a.order - b.order)
  }

  /** Writes what differs from what is there. What could not be written is tried again the next time. */
  save(outbox: Outbox): void {
    const present = new Map(outbox.map((entry) => [entry.clientId, entry]))
    for (const [clientId, entry] of present) {
      // What another tab has removed does not come back by a change of this one.
      if (this.#saved.get(clientId) === entry || this.removedElsewhere(clientId)) continue
      if (this.#try((storage) => { storage.setItem(this.#prefix + clientId, JSON.stringify(entry)) })) {
        this.#saved.set(clientId, entry)
      }
    }
    for (const clientId of [...this.#saved.keys()]) {
      if (present.has(clientId)) continue
      if (this.#try((storage) => { storage.removeItem(this.#prefix + clientId) })) this.#saved.delete(clientId)
    }
  }

  /** Whether another tab has taken this message away: it was on disk, and is there no more. */
  removedElsewhere(clientId: string): boolean {
    if (!this.#saved.has(clientId)) return false
    try {
      return this.#storage.getItem(this.#prefix + clientId) === null
    } catch {
      return false
    }
  }

  /** Tells of messages that another tab takes away, until it is ended by the answer. */
  watch(onRemoved: (clientId: string) => void): () => void {
    return this.#watchStorage((key, value) => {
      // Everything thrown away is nobody's decision about a message: it is written anew.
      if (key === null) this.#saved.clear()
      else if (value === null && key.startsWith(this.#prefix)) onRemoved(key.slice(this.#prefix.length))
    })
  }

  #try(write: (storage: KeyValueStorage) => void): boolean {
    try {
      write(this.#storage)
      return true
    } catch {
      return false // Full or refused: see load().
    }
  }
}

function parseEntry(text: string | null): OutboxEntry | undefined {
  if (text === null) return undefined
  try {
    const entry = JSON.parse(text) as OutboxEntry
    const whole =
      typeof entry.clientId === 'string' &&
      typeof entry.conversationId === 'string' &&
      typeof entry.text === 'string' &&
      typeof entry.createdAt === 'number' &&
      typeof entry.order === 'number' &&
      ['number', 'undefined'].includes(typeof entry.replyTo) &&
      ['sending', 'sent', 'failed'].includes(entry.status.type)
    return whole ? entry : undefined
  } catch {
    return undefined
  }
}
