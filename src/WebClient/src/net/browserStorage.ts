import type { KeyValueStorage } from './outboxStorage'

/** Lasts as long as the page. */
export class PageStorage implements KeyValueStorage {
  readonly #values = new Map<string, string>()

  get length(): number {
    return this.#values.size
  }

  key(index: number): string | null {
    return [...this.#values.keys()][index] ?? null
  }

  getItem(key: string): string | null {
    return this.#values.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    this.#values.set(key, value)
  }

  removeItem(key: string): void {
    this.#values.delete(key)
  }
}

/** `localStorage`; where the browser denies it, as many do in a frame of another site, what lasts as long as the page. */
export function storageOf(page: { readonly localStorage: KeyValueStorage }): KeyValueStorage {
  try {
    return page.localStorage
  } catch {
    return new PageStorage()
  }
}

/** Of this page. */
export const browserStorage: KeyValueStorage = typeof window === 'undefined' ? new PageStorage() : storageOf(window)
