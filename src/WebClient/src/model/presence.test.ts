import { describe, expect, it } from 'vitest'
import type { PersonPresence, PresenceState } from '../protocol/wire'
import { rule } from '../testing/rule'
import { noPresences, presenceHoldsMs, presenceOf, type PresenceAction, reducePresence } from './presence'

const start = Date.UTC(2026, 0, 5, 9)

function bob(state: PresenceState, asOf = start): PersonPresence {
  return { userId: 'bob', state, asOf: new Date(asOf).toISOString() }
}

function after(...actions: PresenceAction[]) {
  return actions.reduce(reducePresence, noPresences)
}

const asked: PresenceAction = { type: 'presenceAsked', users: ['bob'], now: start }

function heard(presence: PersonPresence, now = start): PresenceAction {
  return { type: 'presenceHeard', presence: [presence], now }
}

describe(rule('P7', 'a presence'), () => {
  it('is unknown before anything is heard, and while the connection is down', () => {
    expect(presenceOf(noPresences, 'bob', true, start).state).toBe('unknown')
    const known = after(asked, heard(bob('online')))
    expect(presenceOf(known, 'bob', true, start).state).toBe('online')
    expect(presenceOf(known, 'bob', false, start).state).toBe('unknown')
  })

  it('holds for as long as it is watched', () => {
    expect(presenceOf(after(asked, heard(bob('online'))), 'bob', true, start + 3_600_000).state).toBe('online')
  })

  it.each([
    ['the connection was lost', { type: 'presenceLost', now: start + 60_000 }],
    ['nobody looked any more', { type: 'presenceAsked', users: [], now: start + 60_000 }],
  ] satisfies [string, PresenceAction][])('holds for two leases after %s', (_, action) => {
    const state = after(asked, heard(bob('online')), action)
    expect(presenceOf(state, 'bob', true, start + 60_000 + presenceHoldsMs).state).toBe('online')
    expect(presenceOf(state, 'bob', true, start + 60_001 + presenceHoldsMs).state).toBe('unknown')
  })

  it('of two is the one with the later time', () => {
    const away = after(asked, heard(bob('away', start + 5_000)), heard(bob('online', start + 1_000)))
    expect(presenceOf(away, 'bob', true, start).state).toBe('away')
    const online = after(asked, heard(bob('away', start + 5_000)), heard(bob('online', start + 6_000)))
    expect(presenceOf(online, 'bob', true, start).state).toBe('online')
  })

  it('that says the same is the same object', () => {
    const once = after(asked, heard(bob('online')))
    const twice = reducePresence(once, heard(bob('online')))
    expect(presenceOf(twice, 'bob', true, start)).toBe(presenceOf(once, 'bob', true, start))
  })

  it('that is too old is forgotten', () => {
    const state = after(
      asked,
      heard(bob('online')),
      { type: 'presenceLost', now: start },
      { type: 'presenceAsked', users: ['cara'], now: start + presenceHoldsMs + 1 },
    )
    expect(state.heard.size).toBe(0)
  })
})
