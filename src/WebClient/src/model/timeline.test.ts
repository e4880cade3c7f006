import { describe, expect, it } from 'vitest'
import { message, posted, range } from '../testing/samples'
import { applyToTimeline, heldMessagesMax, joinPage, reachesEnd, reachesStart, shrink, type Timeline, timelineOf } from './timeline'

function page(from: number, to: number, head: number): Timeline & { head: { rev: number; seq: number } } {
  return { ...timelineOf({ messages: range(from, to).map((seq) => message(seq)), head: { rev: head, seq: head } }), head: { rev: head, seq: head } }
}

function ends(timeline: Timeline) {
  return [timeline.messages[0]?.seq, timeline.messages.at(-1)?.seq]
}

describe('a timeline', () => {
  it('grows at both ends without a hole', () => {
    const middle = page(40, 60, 100)
    expect(ends(joinPage(middle, page(20, 39, 100), 'before'))).toEqual([20, 60])
    expect(ends(joinPage(middle, page(61, 80, 100), 'after'))).toEqual([40, 80])
    expect(reachesStart(page(1, 5, 9))).toBe(true)
    expect(reachesEnd(page(5, 9, 9))).toBe(true)
    expect(reachesEnd(page(5, 8, 9))).toBe(false)
  })

  it('takes of an overlapping page what is new, and nothing of one that leaves a hole', () => {
    const middle = page(40, 60, 100)
    expect(joinPage(middle, page(30, 45, 100), 'before').messages).toHaveLength(31)
    expect(joinPage(middle, page(20, 30, 100), 'before')).toBe(middle)
    expect(joinPage(middle, page(62, 70, 100), 'after')).toBe(middle)
    expect(joinPage(middle, page(1, 0, 100), 'before')).toBe(middle)
  })

  it('lets the far end go when it gets too long', () => {
    const long = page(1_001, 1_000 + heldMessagesMax, 9_000)
    expect(ends(joinPage(long, page(901, 1_000, 9_000), 'before'))).toEqual([901, 900 + heldMessagesMax])
    expect(ends(joinPage(long, page(5_001, 5_100, 9_000), 'after'))).toEqual([1_101, 5_100])
  })

  it('that does not reach the end only counts what is posted there', () => {
    const old = applyToTimeline(page(1, 50, 100), posted(message(101)), 'ann')
    expect(ends(old)).toEqual([1, 50])
    expect(old).toMatchObject({ rev: 101, headSeq: 101 })
  })

  it('has a message once when a later page brought it before its event', () => {
    const ahead = joinPage(page(1, 50, 100), page(51, 101, 101), 'after')
    expect(ahead.rev).toBe(100)
    const state = applyToTimeline(ahead, posted(message(101)), 'ann')
    expect(state.messages).toHaveLength(101)
    expect(state.rev).toBe(101)
  })

  it('keeps its end when it is left, or nothing', () => {
    expect(ends(shrink(page(1, 500, 500), 200) ?? page(1, 1, 1))).toEqual([301, 500])
    expect(shrink(page(1, 400, 500), 200)).toBeUndefined()
  })
})
