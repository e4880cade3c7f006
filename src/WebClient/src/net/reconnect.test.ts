import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { nextReconnectState, notStarted, type ReconnectEvent, type ReconnectState, stableAfterMs } from './reconnect'

function run(from: ReconnectState, events: ReconnectEvent[], now = 0, random = 0.5): ReconnectState {
  return events.reduce((state, event) => nextReconnectState(state, event, now, random), from)
}

const connecting = run(notStarted, [{ type: 'started' }])
const lost: ReconnectEvent = { type: 'lost' }
const welcomed: ReconnectEvent = { type: 'welcomed' }

function waitOf(state: ReconnectState, now: number): number {
  return state.type === 'waiting' ? state.until - now : -1
}

describe(rule('M15', 'reconnecting'), () => {
  it('connects at once when started', () => {
    expect(connecting).toEqual({ type: 'connecting', attempt: 0 })
  })

  it.each([
    [0.999999, [999, 1999, 3999, 7999, 15999, 29999, 29999]],
    [0.5, [500, 1000, 2000, 4000, 8000, 15000, 15000]],
    [0, [0, 0, 0, 0, 0, 0, 0]],
  ])('waits a random part (%d) of 1, 2, 4, 8, 16, 30 s, for ever', (random, waits) => {
    let state = connecting
    for (const wait of waits) {
      state = nextReconnectState(state, lost, 100, random)
      expect(waitOf(state, 100)).toBe(wait)
      state = nextReconnectState(state, { type: 'timeReached' }, 100 + wait, random)
      expect(state.type).toBe('connecting')
    }
  })

  it('never comes back before the time the server named, and spreads after it', () => {
    const state = run(connecting, [welcomed, { type: 'askedToWait', retryAfterMs: 5_000 }, lost], 0, 0.5)
    expect(waitOf(state, 0)).toBe(5_500)
    expect(run(state, [{ type: 'worthTrying' }], 0)).toMatchObject({ type: 'waiting', until: 5_000 })
    expect(run(state, [{ type: 'worthTrying' }], 5_000)).toMatchObject({ type: 'connecting' })
  })

  it('tries at once when that has become worth it', () => {
    const waiting = run(connecting, [lost], 0, 0.9)
    expect(run(waiting, [{ type: 'worthTrying' }], 1)).toEqual({ type: 'connecting', attempt: 1 })
    expect(run(connecting, [{ type: 'worthTrying' }])).toBe(connecting)
  })

  it('does not connect before the time has come', () => {
    const waiting = run(connecting, [lost], 0, 0.9)
    expect(run(waiting, [{ type: 'timeReached' }], 899)).toBe(waiting)
    expect(run(waiting, [{ type: 'timeReached' }], 900).type).toBe('connecting')
  })

  it('goes on waiting longer until a connection was stable', () => {
    const third = { type: 'connecting', attempt: 3 } as const
    const connected = nextReconnectState(third, welcomed, 0, 0)
    expect(waitOf(nextReconnectState(connected, lost, stableAfterMs - 1, 0.5), stableAfterMs - 1)).toBe(4_000)
    expect(waitOf(nextReconnectState(connected, lost, stableAfterMs, 0.5), stableAfterMs)).toBe(500)
  })

  it('stays stopped', () => {
    const stopped = run(connecting, [welcomed, { type: 'stopped', reason: 'sessionExpired' }])
    expect(run(stopped, [lost, { type: 'timeReached' }, { type: 'worthTrying' }, welcomed], 99_999)).toEqual(stopped)
  })
})
