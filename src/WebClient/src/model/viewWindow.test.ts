import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { firstCostMs, moveDown, moveUp, nextCost, shownRange, stepFor, type ViewWindow, windowAround, windowAtEnd, windowMax } from './viewWindow'

const held = { lowest: 1, highest: 4_000 }

describe(rule('W4', 'the window'), () => {
  it('begins with few messages', () => {
    expect(shownRange(windowAtEnd(held, 40), held, true)).toEqual({ lowest: 3_961, highest: 4_000 })
    expect(windowAround(2_000, held, 50)).toEqual({ low: 1_980, high: 2_029 })
    expect(windowAround(3_990, held, 50)).toEqual({ low: 3_970, high: Infinity })
    expect(windowAround(1, held, 50)).toEqual({ low: 1, high: 50 })
  })

  it('moves up to the beginning and down to the end, never beyond its bound', () => {
    let view: ViewWindow = windowAtEnd(held, 40)
    for (const [move, from, to] of [
      [moveUp, 'lowest', 1],
      [moveDown, 'highest', 4_000],
    ] as const) {
      for (let shown = shownRange(view, held, false); shown[from] !== to; shown = shownRange(view, held, false)) {
        view = move(shown, held, 10)
        expect(view).not.toEqual(shown)
        const after = shownRange(view, held, false)
        expect(after.highest - after.lowest).toBeLessThan(windowMax)
        // Without a hole between one step and the next.
        expect(Math.max(after.lowest, shown.lowest)).toBeLessThan(Math.min(after.highest, shown.highest))
      }
    }
    expect(view.high).toBe(Infinity)
  })

  it('follows the end with who stands there, and keeps the place of others', () => {
    const grown = { lowest: 1, highest: 5_000 }
    const view = { low: 3_900, high: Infinity }
    expect(shownRange(view, grown, true)).toEqual({ lowest: 5_000 - windowMax + 1, highest: 5_000 })
    expect(shownRange(view, grown, false)).toEqual({ lowest: 3_900, highest: 3_900 + windowMax - 1 })
  })

  it('takes steps that fit into a frame', () => {
    const afterSteps = (tookMsEach: number) => {
      let cost = firstCostMs
      for (let number = 0; number < 20; number++) cost = nextCost(cost, 5, 5 * tookMsEach)
      return cost
    }
    expect(stepFor(firstCostMs, false)).toBe(4)
    expect(stepFor(afterSteps(0.5), false)).toBe(7)
    expect(stepFor(afterSteps(0.5), true)).toBe(15)
    expect(stepFor(afterSteps(0), false)).toBe(24)
    expect(stepFor(afterSteps(30), false)).toBe(2)
  })

  it('does not take one slow moment for the rule', () => {
    expect(stepFor(nextCost(0.5, 5, 20), false)).toBeGreaterThan(2)
  })
})
