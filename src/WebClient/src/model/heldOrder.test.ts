import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import type { ListRows } from './chatList'
import { dueAt, holdOrder, type HeldOrderAction, reduceHeldOrder } from './heldOrder'

const first: ListRows = { ids: ['a', 'b'], restFrom: 0 }
const second: ListRows = { ids: ['b', 'a'], restFrom: 1 }

function after(...actions: HeldOrderAction[]) {
  return actions.reduce(reduceHeldOrder, holdOrder(first))
}

const reordered = (now: number): HeldOrderAction => ({ type: 'ordered', rows: second, now })

describe(rule('L3', 'the rows under a pointer'), () => {
  it('move at once when it is elsewhere, or has rested', () => {
    expect(after(reordered(5_000)).shown).toBe(second)
    expect(after({ type: 'pointerMoved', now: 1_000 }, reordered(2_000)).shown).toBe(second)
  })

  it('stay until it has rested for a second', () => {
    const held = after({ type: 'pointerMoved', now: 1_000 }, reordered(1_500))
    expect(held.shown).toBe(first)
    expect(dueAt(held)).toBe(2_000)
    expect(reduceHeldOrder(held, { type: 'timeReached', now: 2_000 }).shown).toBe(second)
    const moved = reduceHeldOrder(held, { type: 'pointerMoved', now: 1_900 })
    expect(reduceHeldOrder(moved, { type: 'timeReached', now: 2_000 }).shown).toBe(first)
    expect(dueAt(moved)).toBe(2_900)
  })

  it('move when it leaves', () => {
    const held = after({ type: 'pointerMoved', now: 1_000 }, reordered(1_500), { type: 'pointerLeft' })
    expect(held.shown).toBe(second)
    expect(dueAt(held)).toBeUndefined()
  })
})
