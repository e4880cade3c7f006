import { createContext, useContext, useSyncExternalStore } from 'react'

/** What somebody chose for this browser; nothing of it is anybody else's business. */
export type Settings = {
  theme: 'system' | 'light' | 'dark'
  /** A language's tag; `system` goes by the browser. */
  language: string
  sendWith: 'enter' | 'ctrlEnter'
  /** `recent`: one list by last activity; else unread ones first (L1). */
  listOrder: 'unreadFirst' | 'recent'
  popups: boolean
  sound: 'none' | 'soft' | 'bell'
}

export const defaultSettings: Settings = {
  theme: 'system',
  language: 'system',
  sendWith: 'enter',
  listOrder: 'unreadFirst',
  popups: true,
  sound: 'soft',
}

const choices: { [Name in keyof Settings]: (value: unknown) => value is Settings[Name] } = {
  theme: oneOf('system', 'light', 'dark'),
  language: (value): value is string => typeof value === 'string' && value.length <= 35,
  sendWith: oneOf('enter', 'ctrlEnter'),
  listOrder: oneOf('unreadFirst', 'recent'),
  popups: (value): value is boolean => typeof value === 'boolean',
  sound: oneOf('none', 'soft', 'bell'),
}

function oneOf<T extends string>(...values: T[]): (value: unknown) => value is T {
  return (value): value is T => values.includes(value as T)
}

/** Reads what was stored; what is not understood has its default. */
export function parseSettings(text: string | null): Settings {
  let stored: unknown
  try {
    stored = JSON.parse(text ?? '{}')
  } catch {
    return defaultSettings
  }
  if (typeof stored !== 'object' || stored === null) return defaultSettings
  const known = Object.entries(stored).filter(
    ([name, value]) => Object.hasOwn(choices, name) && choices[name as keyof Settings](value),
  )
  return { ...defaultSettings, ...Object.fromEntries(known) }
}

const storageKey = 'chat.settings'

/** The settings of this browser, the same in all of its tabs. */
export class SettingsStore {
  #settings: Settings
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>
  readonly #listeners = new Set<() => void>()

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>, page: Pick<EventTarget, 'addEventListener'>) {
    this.#storage = storage
    this.#settings = parseSettings(this.#read())
    page.addEventListener('storage', (event) => {
      if ((event as StorageEvent).key !== storageKey) return
      this.#settings = parseSettings((event as StorageEvent).newValue)
      this.#tell()
    })
  }

  readonly get = (): Settings => this.#settings

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  readonly change = (changes: Partial<Settings>): void => {
    this.#settings = { ...this.#settings, ...changes }
    try {
      this.#storage.setItem(storageKey, JSON.stringify(this.#settings))
    } catch {
      // A browser may refuse storage; the settings then live as long as the page.
    }
    this.#tell()
  }

  #read(): string | null {
    try {
      return this.#storage.getItem(storageKey)
    } catch {
      return null
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

export const SettingsContext = createContext<SettingsStore | undefined>(undefined)

export function useSettings(): [Settings, SettingsStore['change']] {
  const store = useContext(SettingsContext)
  if (store === undefined) throw new Error('No settings around this component.')
  return [useSyncExternalStore(store.subscribe, store.get), store.change]
}
