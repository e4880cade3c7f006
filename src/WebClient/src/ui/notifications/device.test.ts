import { describe, expect, it } from 'vitest'
import { deviceName } from './device'

const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36'

describe('the name of a device', () => {
  it('says what it is, and stays', () => {
    const items = new Map<string, string>()
    const storage = { getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => void items.set(key, value) }
    expect(deviceName(storage, agent, () => '3f2a9')).toBe('Chrome, Linux, 3f2a')
    expect(deviceName(storage, agent, () => 'other')).toBe('Chrome, Linux, 3f2a')
  })

  it('is there without a storage, and for a browser nobody knows', () => {
    const refused = () => {
      throw new Error('refused')
    }
    expect(deviceName({ getItem: refused, setItem: refused }, 'x', () => '3f2a9')).toBe('Browser, 3f2a')
  })
})
