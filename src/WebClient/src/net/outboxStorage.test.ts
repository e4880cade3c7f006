import { describe, expect, it } from 'vitest'
import type { OutboxEntry } from '../model/outbox'
import { MemoryStorage } from '../testing/chatFixture'
import { rule } from '../testing/rule'
import { type KeyValueStorage, OutboxStorage } from './outboxStorage'

function entry(order: number): OutboxEntry {
  return { clientId: `id ${order}`, conversationId: 'g', text: 'hi', createdAt: 0, order, status: { type: 'sending' } }
}

describe(rule('M5', 'the outbox on disk'), () => {
  it('gives back what was written, in the order written', () => {
    const storage = new MemoryStorage()
    new OutboxStorage(storage, 'demo', 'ann').save([entry(3), entry(1), entry(2)])
    expect(new OutboxStorage(storage, 'demo', 'ann').load()).toEqual([entry(1), entry(2), entry(3)])
  })

  it('keeps tenants and people apart, whatever their ids look like', () => {
    const storage = new MemoryStorage()
    new OutboxStorage(storage, 'a', 'b/c').save([entry(1)])
    expect(new OutboxStorage(storage, 'a/b', 'c').load()).toEqual([])
  })

  it('leaves what another tab has written alone', () => {
    const storage = new MemoryStorage()
    const [one, two] = [new OutboxStorage(storage, 'demo', 'ann'), new OutboxStorage(storage, 'demo', 'ann')]
    one.save([entry(1)])
    two.save([entry(2)])
    one.save([])
    expect(new OutboxStorage(storage, 'demo', 'ann').load()).toEqual([entry(2)])
  })

  it('passes over what it cannot read', () => {
    const storage = new MemoryStorage()
    storage.setItem('chat.outbox/demo/ann/x', 'nonsense')
    storage.setItem('chat.outbox/demo/ann/y', '{"text":1}')
    storage.setItem('chat.outbox/demo/ann/z', '{"clientId":"c","conversationId":"g","text":"hi","createdAt":0,"order":1}')
    expect(new OutboxStorage(storage, 'demo', 'ann').load()).toEqual([])
  })

  it('writes again what did not fit in', () => {
    const storage = new MemoryStorage()
    const outbox = new OutboxStorage(storage, 'demo', 'ann')
    const written = [entry(1)]
    storage.full = true
    outbox.save(written)
    expect(outbox.removedElsewhere('id 1')).toBe(false)
    storage.full = false
    outbox.save(written)
    expect(new OutboxStorage(storage, 'demo', 'ann').load()).toEqual(written)
  })

  it('does not bring back what another tab has removed', () => {
    const storage = new MemoryStorage()
    const one = new OutboxStorage(storage, 'demo', 'ann')
    one.save([entry(1), entry(2)])
    const two = new OutboxStorage(storage, 'demo', 'ann')
    two.save(two.load().slice(1))
    expect([one.removedElsewhere('id 1'), one.removedElsewhere('id 2')]).toEqual([true, false])
    one.save([{ ...entry(1), status: { type: 'failed', reason: 'tooOld' } }, entry(2)])
    expect(new OutboxStorage(storage, 'demo', 'ann').load()).toEqual([entry(2)])
  })

  it('writes anew what was thrown away with everything else', () => {
    const storage = new MemoryStorage()
    let changed: (key: string | null, value: string | null) => void = () => undefined
    const outbox = new OutboxStorage(storage, 'demo', 'ann', (listener) => {
      changed = listener
      return () => undefined
    })
    const written = [entry(1)]
    outbox.watch(() => undefined)
    outbox.save(written)
    storage.clear()
    changed(null, null)
    expect(outbox.removedElsewhere('id 1')).toBe(false)
    outbox.save(written)
    expect(outbox.load()).toEqual(written)
  })

  it('works without a storage that works', () => {
    const refuse = () => {
      throw new Error('refused')
    }
    const storage: KeyValueStorage = { length: 1, key: refuse, getItem: refuse, setItem: refuse, removeItem: refuse }
    const outbox = new OutboxStorage(storage, 'demo', 'ann')
    expect(outbox.load()).toEqual([])
    expect(() => {
      outbox.save([entry(1)])
    }).not.toThrow()
  })
})
