import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/fakeClock'
import { Deadline } from './deadline'

function begin() {
  const clock = new FakeClock()
  const at: number[] = []
  const began = clock.now()
  const deadline = new Deadline(clock, () => at.push(clock.now() - began))
  return { clock, at, deadline }
}

describe('a deadline', () => {
  it('comes once', async () => {
    const { clock, at, deadline } = begin()
    deadline.set(100)
    await clock.advance(99)
    expect(at).toEqual([])
    expect(deadline.isSet).toBe(true)
    await clock.advance(500)
    expect(at).toEqual([100])
    expect(deadline.isSet).toBe(false)
  })

  it('is put off without another timer', async () => {
    const { clock, at, deadline } = begin()
    for (let key = 0; key < 10; key++) {
      deadline.set(100)
      expect(clock.pending).toBe(1)
      await clock.advance(30)
    }
    expect(at).toEqual([])
    await clock.advance(100)
    expect(at).toEqual([9 * 30 + 100])
  })

  it('can be moved to an earlier time', async () => {
    const { clock, at, deadline } = begin()
    deadline.set(1_000)
    deadline.set(10)
    await clock.advance(2_000)
    expect(at).toEqual([10])
  })

  it('comes no later for a clock that was set back meanwhile', async () => {
    const { clock, at, deadline } = begin()
    deadline.set(100)
    clock.setBack(3_600_000)
    await clock.advance(300)
    expect(at).toHaveLength(1)
  })

  it('does not come once it is cleared, and can be set again', async () => {
    const { clock, at, deadline } = begin()
    deadline.set(100)
    deadline.clear()
    expect(deadline.isSet).toBe(false)
    expect(clock.pending).toBe(0)
    await clock.advance(200)
    deadline.set(5)
    await clock.advance(10)
    expect(at).toEqual([205])
  })
})
