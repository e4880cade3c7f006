import { beforeEach, describe, expect, it } from 'vitest'
import { initialChatState } from '../model/chatState'
import { Store } from '../model/store'
import { FakeClock } from '../testing/fakeClock'
import { rule } from '../testing/rule'
import { message } from '../testing/samples'
import { ShownState } from './shownState'

const clock = new FakeClock()
let store: Store
let shown: ShownState
let drawn: number
let arriving: boolean
let lastKeyAt: number
let press: () => void

beforeEach(() => {
  store = new Store(initialChatState('demo', { userId: 'ann', name: 'Ann', role: 'agent' }))
  drawn = 0
  arriving = false
  lastKeyAt = -Infinity
  const keys = {
    lastKeyAt: () => lastKeyAt,
    subscribe: (onKey: () => void) => {
      press = () => {
        lastKeyAt = clock.now()
        onKey()
      }
      return () => undefined
    },
  }
  shown = new ShownState(store, () => arriving, clock, keys)
  shown.start()
  shown.subscribe(() => {
    drawn++
  })
})

let people = 0

function arrives(): void {
  arriving = true
  store.dispatch({ type: 'peopleFound', people: [{ userId: `p${++people}`, name: 'Pia' }] })
  arriving = false
}

describe('what the page shows', () => {
  it('is at once what this person did, with all that had arrived before', () => {
    arrives()
    store.dispatch({ type: 'conversationLeft' })
    expect(drawn).toBe(0)
    store.dispatch({ type: 'peopleFound', people: [{ userId: 'mine', name: 'Mia' }] })
    expect(drawn).toBe(1)
    expect(shown.get()).toBe(store.get())
  })

  it(rule('W3', 'takes a field away at once when its message was deleted: a key in it would be lost'), () => {
    store.dispatch({ type: 'editChosen', conversationId: 'g', message: message(1) })
    press()
    arriving = true
    const deleted = { seq: 1, authorId: 'ann', deletedAt: '', postedAt: '' }
    store.dispatch({ type: 'eventReceived', event: { type: 'messageDeleted', conversationId: 'g', rev: 2, deleted } })
    expect(shown.get().composing.size).toBe(0)
  })

  it('is drawn once for what arrives within a frame', async () => {
    arrives()
    arrives()
    expect(shown.get()).not.toBe(store.get())
    await clock.advance(16)
    expect(drawn).toBe(1)
    expect(shown.get()).toBe(store.get())
  })

  it('waits for the key that was just pressed to be drawn first', async () => {
    press()
    arrives()
    await clock.advance(24)
    expect(drawn).toBe(0)
    await clock.advance(1)
    expect(drawn).toBe(1)
  })

  it('waits for the next key when that is near, and is drawn after it', async () => {
    press()
    await clock.advance(90)
    arrives()
    await clock.advance(30)
    press()
    expect(drawn).toBe(0)
    await clock.advance(25)
    expect(drawn).toBe(1)
  })

  it('is drawn as soon as somebody who wrote makes a pause', async () => {
    press()
    await clock.advance(90)
    arrives()
    await clock.advance(159)
    expect(drawn).toBe(0)
    await clock.advance(1)
    expect(drawn).toBe(1)
  })

  it('waits for nobody longer than its bound', async () => {
    press()
    arrives()
    for (let number = 0; number < 14; number++) {
      await clock.advance(20)
      press()
    }
    expect(drawn).toBe(0)
    await clock.advance(20)
    expect(drawn).toBe(1)
  })

  it('is not drawn for what stands in the field already', async () => {
    press()
    store.dispatch({ type: 'draftChanged', conversationId: 'd/ann/bob', text: 'h' })
    expect(drawn).toBe(0)
    await clock.advance(25)
    expect(drawn).toBe(1)
  })
})
