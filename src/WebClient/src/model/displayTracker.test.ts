import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { attentionMoved, attentionUntil, isInView, nextAt, nothingDisplayed, rowsMoved, timePassed } from './displayTracker'

const attentive = attentionMoved(nothingDisplayed, Infinity, 0)
const inView = (...seqs: number[]) => seqs.map((seq) => ({ seq, inView: true }))

describe(rule('U5', 'a message is displayed'), () => {
  it('after a second in view', () => {
    const tracker = rowsMoved(attentive, inView(7, 8), 100)
    expect(timePassed(tracker, 1_099).highestDisplayed).toBe(0)
    expect(timePassed(tracker, 1_100).highestDisplayed).toBe(8)
    expect(nextAt(tracker)).toBe(1_100)
  })

  it.each([
    ['not with less than half of it', { ratio: 0.49, height: 49 }, false],
    ['with half of it', { ratio: 0.5, height: 50 }, true],
    ['not with less than half of the view, when it is higher than the view', { ratio: 0.1, height: 249 }, false],
    ['with half of the view, when it is higher than the view', { ratio: 0.1, height: 250 }, true],
  ])('%s in view', (_, row, shown) => {
    expect(isInView(row, 500)).toBe(shown)
  })

  it('not when it passes by', () => {
    const tracker = rowsMoved(rowsMoved(attentive, inView(7), 0), [{ seq: 7, inView: false }], 900)
    expect(timePassed(tracker, 5_000).highestDisplayed).toBe(0)
    expect(nextAt(tracker)).toBeUndefined()
  })

  it('not while nobody looks: attention starts the second anew', () => {
    const away = rowsMoved(nothingDisplayed, inView(7), 0)
    expect(timePassed(away, 60_000).highestDisplayed).toBe(0)
    const back = attentionMoved(away, Infinity, 60_000)
    expect(timePassed(back, 60_999).highestDisplayed).toBe(0)
    expect(timePassed(back, 61_000).highestDisplayed).toBe(7)
  })

  it('and looking away in between starts it anew, too', () => {
    const seen = rowsMoved(attentive, inView(7), 0)
    const back = attentionMoved(attentionMoved(seen, -Infinity, 900), Infinity, 950)
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

  it('not when nobody has done anything for a minute, though the page is in view and in focus', () => {
    const until = attentionUntil({ visible: true, focused: true, lastInput: 0 })
    const tracker = attentionMoved(nothingDisplayed, until, 0)
    const inTime = rowsMoved(tracker, inView(7), 59_000)
    expect(timePassed(inTime, 70_000).highestDisplayed).toBe(7)
    const late = rowsMoved(tracker, inView(7), 59_001)
    expect(timePassed(late, 70_000).highestDisplayed).toBe(0)
    expect(nextAt(late)).toBeUndefined()
  })

  it('a second after somebody is there again, if it is still in view', () => {
    const away = rowsMoved(attentionMoved(nothingDisplayed, 60_000, 0), inView(7, 8), 100_000)
    const back = attentionMoved(away, attentionUntil({ visible: true, focused: true, lastInput: 200_000 }), 200_000)
    expect(back.highestDisplayed).toBe(0)
    expect(nextAt(back)).toBe(201_000)
    const still = rowsMoved(back, [{ seq: 8, inView: false }], 200_500)
    expect(timePassed(still, 201_000).highestDisplayed).toBe(7)
  })

  it('and doing something meanwhile does not start the second anew', () => {
    const seen = rowsMoved(attentionMoved(nothingDisplayed, 60_000, 0), inView(7), 0)
    expect(timePassed(attentionMoved(seen, 60_900, 900), 1_000).highestDisplayed).toBe(7)
  })

  it(rule('U7', 'though nothing above it was: nobody has to go to the first unread one'), () => {
    const read = timePassed(rowsMoved(attentive, inView(3), 0), 1_000)
    const atEnd = rowsMoved(rowsMoved(read, [{ seq: 3, inView: false }], 1_000), inView(98, 99), 1_000)
    expect(timePassed(atEnd, 2_000).highestDisplayed).toBe(99)
  })

  it.each([
    [false, true],
    [true, false],
  ])('not by input alone (visible: %s, focused: %s)', (visible, focused) => {
    expect(attentionUntil({ visible, focused, lastInput: 5 })).toBe(-Infinity)
  })
})
