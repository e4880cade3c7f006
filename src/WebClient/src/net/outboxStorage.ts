import type { Outbox, OutboxEntry } from '../model/outbox'

/** The part of `localStorage` that the outbox needs. */
export interface KeyValueStorage {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/**
 * The outbox on disk, so that neither a reload nor a crash loses what was written. One item per message: several tabs
 * of a person share the storage and must not overwrite each other. Keyed by tenant and user: nobody else reads it.
 */
export class OutboxStorage {
  readonly #storage: KeyValueStorage
  readonly #prefix: string
  #saved = new Map<string, OutboxEntry>()

  constructor(storage: KeyValueStorage, tenant: string, userId: string) {
    this.#storage = storage
    this.#prefix = `chat.outbox/${encodeURIComponent(tenant)}/${encodeURIComponent(userId)}/`
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

  /** Writes what differs from the last time. */
  save(outbox: Outbox): void {
    const present = new Map(outbox.map((entry) => [entry.clientId, entry]))
    try {
      for (const [clientId, entry] of present) {
        if (this.#saved.get(clientId) !== entry) this.#storage.setItem(this.#prefix + clientId, JSON.stringify(entry))
      }
      for (const clientId of this.#saved.keys()) {
        if (!present.has(clientId)) this.#storage.removeItem(this.#prefix + clientId)
      }
    } catch {
      // Full or refused: see load().
    }
    this.#saved = present
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
      ['sending', 'sent', 'failed'].includes(entry.status.type)
    return whole ? entry : undefined
  } catch {
    return undefined
  }
}
