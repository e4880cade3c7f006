import { beforeEach, describe, expect, it } from 'vitest'
import { rule } from '../../testing/rule'
import { UserActivity } from './userActivity'

let now: number
let page: EventTarget
let activity: UserActivity

beforeEach(() => {
  now = 1_000
  page = new EventTarget()
  activity = new UserActivity(page, () => now)
})

function pointerAt(screenX: number, screenY: number) {
  page.dispatchEvent(Object.assign(new Event('pointermove'), { screenX, screenY }))
}

describe(rule('U5', 'somebody is there'), () => {
  it('not before anything is done', () => {
    expect(activity.lastInput).toBe(-Infinity)
  })

  it.each(['keydown', 'pointerdown', 'wheel', 'touchstart', 'touchmove', 'focus'])('when there is a %s', (type) => {
    const heard: number[] = []
    const end = activity.subscribe(() => heard.push(activity.lastInput))
    page.dispatchEvent(new Event(type))
    now = 2_000
    page.dispatchEvent(new Event(type))
    expect(heard).toEqual([1_000, 2_000])
    end()
    page.dispatchEvent(new Event(type))
    expect(heard).toHaveLength(2)
  })

  it('when the pointer has moved, not when the page has moved below it', () => {
    pointerAt(5, 5)
    pointerAt(5, 5)
    expect(activity.lastInput).toBe(-Infinity)
    pointerAt(5, 6)
    expect(activity.lastInput).toBe(1_000)
    now = 2_000
    pointerAt(5, 6)
    expect(activity.lastInput).toBe(1_000)
  })

  it('not when the page scrolls', () => {
    page.dispatchEvent(new Event('scroll'))
    expect(activity.lastInput).toBe(-Infinity)
  })
})
