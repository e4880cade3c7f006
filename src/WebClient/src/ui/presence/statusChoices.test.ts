import { describe, expect, it } from 'vitest'
import { english } from '../../i18n/words'
import { rule } from '../../testing/rule'
import { agoWords, presenceWords } from './presenceWords'
import { chosenStatus, standingChoice } from './statusChoices'

const now = new Date(2026, 0, 5, 23, 30).getTime()

describe(rule('P1', 'a chosen status'), () => {
  it('of rest ends by itself', () => {
    expect(chosenStatus('dndHalfHour', now)).toEqual({ status: 'dnd', until: new Date(2026, 0, 6, 0, 0).toISOString() })
    expect(chosenStatus('dndTomorrow', now)).toEqual({ status: 'dnd', until: new Date(2026, 0, 6, 8, 0).toISOString() })
    expect(chosenStatus('dnd', now)).toEqual({ status: 'dnd' })
  })

  it('is the one that stands', () => {
    expect(standingChoice({ status: 'away', showTyping: true })).toBe('away')
    expect(standingChoice({ status: 'dnd', until: '2026-01-06T08:00:00Z', showTyping: true })).toBeUndefined()
  })
})

describe(rule('P8', 'when somebody was last seen'), () => {
  const before = (ms: number) => agoWords(new Date(now - ms).toISOString(), now, english)
  const minute = 60_000

  it('is said by the minute for an hour, then coarsely', () => {
    expect(before(20_000)).toBe('just now')
    expect(before(5 * minute)).toBe('5 minutes ago')
    expect(before(59 * minute)).toBe('59 minutes ago')
    expect(before(119 * minute)).toBe('1 hour ago')
    expect(before(25 * 60 * minute)).toBe('yesterday')
    expect(before(72 * 60 * minute)).toBe('3 days ago')
  })

  it('stands with who is not there, and with nobody else', () => {
    const lastSeen = new Date(now - 5 * minute).toISOString()
    const words = (state: 'away' | 'online') => presenceWords({ state, asOf: lastSeen, lastSeen }, now, english)
    expect(words('away')).toBe('Away, last seen 5 minutes ago')
    expect(words('online')).toBe('Online')
  })
})
