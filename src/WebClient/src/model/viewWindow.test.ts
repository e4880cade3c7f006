import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { moveDown, moveUp, shownRange, windowAround, windowAtEnd, windowMax } from './viewWindow'

const held = { lowest: 1, highest: 16_000 }

describe(rule('W4', 'the window over the messages'), () => {
  it('pages through 16,000 messages and back and is never higher than its bound', () => {
    let view = windowAtEnd(held)
    let steps = 0
    for (let shown = shownRange(view, held, true); shown.lowest > 1; shown = shownRange(view, held, false)) {
      expect(shown.highest - shown.lowest).toBeLessThan(windowMax)
      const next = moveUp(shown, held)
      expect(next.low).toBeLessThan(shown.lowest)
      expect(next.high).toBeGreaterThan(shown.lowest)
      view = next
      expect(++steps).toBeLessThan(1_000)
    }
    for (let shown = shownRange(view, held, false); shown.highest < held.highest; shown = shownRange(view, held, false)) {
      expect(shown.highest - shown.lowest).toBeLessThan(windowMax)
      const next = moveDown(shown, held)
      expect(next.high).toBeGreaterThan(shown.highest)
      expect(next.low).toBeLessThan(shown.highest)
      view = next
    }
    expect(view.high).toBe(Infinity)
  })

  it('follows the end for who stands there, and holds still for who does not', () => {
    const view = windowAtEnd({ lowest: 1, highest: 100 })
    const grown = { lowest: 1, highest: 1_000 }
    expect(shownRange(view, grown, true)).toEqual({ lowest: 1_001 - windowMax, highest: 1_000 })
    expect(shownRange(view, grown, false)).toEqual({ lowest: 1, highest: windowMax })
  })

  it('has a little above what it is to show', () => {
    const shown = shownRange(windowAround(500, held), held, false)
    expect(shown.lowest).toBeLessThan(500)
    expect(shown.highest).toBeGreaterThan(500)
  })
})
