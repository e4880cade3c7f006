import { describe, expect, it } from 'vitest'
import { defaultSettings, parseSettings, SettingsStore } from './settings'

describe('settings', () => {
  it.each([null, '', '{', '[]', '7', 'null', '{"theme":"pink","popups":"yes","stranger":1}'])('that are not understood are the defaults: %s', (text) => {
    expect(parseSettings(text)).toEqual(defaultSettings)
  })

  it('come back after a reload', () => {
    const items = new Map<string, string>()
    const storage = { getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => void items.set(key, value) }
    new SettingsStore(storage, new EventTarget()).change({ theme: 'dark' })
    expect(new SettingsStore(storage, new EventTarget()).get()).toEqual({ ...defaultSettings, theme: 'dark' })
  })

  it('live without a storage', () => {
    const refused = () => {
      throw new Error('refused')
    }
    const store = new SettingsStore({ getItem: refused, setItem: refused }, new EventTarget())
    store.change({ sound: 'none' })
    expect(store.get().sound).toBe('none')
  })
})
