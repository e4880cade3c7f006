import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { attentionMoved, nextAt, nothingDisplayed, rowsMoved, timePassed } from './displayTracker'

const attentive = attentionMoved(nothingDisplayed, true, 0)
const inView = (...seqs: number[]) => seqs.map((seq) => ({ seq, inView: true }))

describe(rule('U5', 'a message is displayed'), () => {
  it('after a second in view', () => {
    const tracker = rowsMoved(attentive, inView(7, 8), 100)
    expect(timePassed(tracker, 1_099).highestDisplayed).toBe(0)
    expect(timePassed(tracker, 1_100).highestDisplayed).toBe(8)
    expect(nextAt(tracker)).toBe(1_100)
  })

  it('not when it passes by', () => {
    const tracker = rowsMoved(rowsMoved(attentive, inView(7), 0), [{ seq: 7, inView: false }], 900)
    expect(timePassed(tracker, 5_000).highestDisplayed).toBe(0)
    expect(nextAt(tracker)).toBeUndefined()
  })

  it('not while nobody looks: attention starts the second anew', () => {
    const away = rowsMoved(nothingDisplayed, inView(7), 0)
    expect(timePassed(away, 60_000).highestDisplayed).toBe(0)
    const back = attentionMoved(away, true, 60_000)
    expect(timePassed(back, 60_999).highestDisplayed).toBe(0)
    expect(timePassed(back, 61_000).highestDisplayed).toBe(7)
  })

  it('and looking away in between starts it anew, too', () => {
    const seen = rowsMoved(attentive, inView(7), 0)
    const back = attentionMoved(attentionMoved(seen, false, 900), true, 950)
    expect(timePassed(back, 1_949).highestDisplayed).toBe(0)
  })

  it('once: a row seen again in view keeps its second', () => {
    const tracker = rowsMoved(rowsMoved(attentive, inView(7), 0), inView(7), 900)
    expect(timePassed(tracker, 1_000).highestDisplayed).toBe(7)
  })

  it('and never less than before', () => {
    const read = timePassed(rowsMoved(attentive, inView(9), 0), 1_000)
    const up = rowsMoved(rowsMoved(read, [{ seq: 9, inView: false }], 1_000), inView(3), 1_000)
    expect(timePassed(up, 3_000).highestDisplayed).toBe(9)
  })
})
