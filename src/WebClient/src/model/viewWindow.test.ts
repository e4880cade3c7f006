import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { ann, message, range } from '../testing/samples'
import { countFilling, moveDown, moveUp, shownRange, type ViewWindow, windowAround, windowAtEnd, windowMax } from './viewWindow'

const held = { lowest: 1, highest: 4_000 }

describe(rule('W4', 'the window'), () => {
  it('begins with few messages', () => {
    expect(shownRange(windowAtEnd(held, 40), held, true)).toEqual({ lowest: 3_961, highest: 4_000 })
    expect(windowAround(2_000, held, 20, 30)).toEqual({ low: 1_980, high: 2_029 })
    expect(windowAround(3_990, held, 20, 11)).toEqual({ low: 3_970, high: Infinity })
    expect(windowAround(1, held, 20, 50)).toEqual({ low: 1, high: 50 })
  })

  it('begins with as many messages as surely fill the view, and no more', () => {
    const joined = (seq: number) => message(seq, ann, { kind: 'system', text: '' })
    // One author's within five minutes stand under one head: 46 and then 25 pixels at least.
    const talk = range(1, 100).map((seq) => message(seq))
    expect(countFilling(talk, 99, -1, 500)).toBe(20)
    expect(countFilling(talk, 0, 1, 46)).toBe(1)
    expect(countFilling(talk, 0, 1, 47)).toBe(2)
    expect(countFilling(talk, 4, -1, 500)).toBe(5)
    // Heads of many authors take more; facts of one person fold into one row.
    expect(countFilling(range(1, 100).map((seq) => message(seq, seq % 2 === 0 ? ann : undefined)), 99, -1, 460)).toBe(10)
    expect(countFilling([...range(1, 98).map(joined), message(99), message(100)], 99, -1, 80)).toBe(windowMax / 2)
    expect(countFilling([], -1, -1, 500)).toBe(0)
  })

  it('moves up to the beginning and down to the end, never beyond its bound', () => {
    let view: ViewWindow = windowAtEnd(held, 40)
    for (const [move, from, to] of [
      [moveUp, 'lowest', 1],
      [moveDown, 'highest', 4_000],
    ] as const) {
      for (let shown = shownRange(view, held, false); shown[from] !== to; shown = shownRange(view, held, false)) {
        view = move(shown, held)
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

  it('is moved by whole chunks, after what is left of the first one', () => {
    expect(moveUp({ lowest: 3_961, highest: 4_000 }, held)).toEqual({ low: 3_952, high: Infinity })
    expect(moveUp({ lowest: 3_952, highest: 4_000 }, held)).toEqual({ low: 3_936, high: Infinity })
    expect(moveUp({ lowest: 9, highest: 100 }, held)).toEqual({ low: 1, high: 100 })
    expect(moveDown({ lowest: 1, highest: 50 }, held)).toEqual({ low: 1, high: 63 })
    expect(moveDown({ lowest: 1, highest: 63 }, held)).toEqual({ low: 1, high: 79 })
    expect(moveDown({ lowest: 3_900, highest: 3_999 }, held)).toEqual({ low: 3_900, high: Infinity })
  })
})
