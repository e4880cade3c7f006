import { describe, expect, it } from 'vitest'
import type { Visit } from './chatState'
import { keepRecent, type RecentVisit, recentMax } from './recentVisits'

const visitOf = (id: string): Visit => ({ id, place: undefined, dividerSeq: undefined, settled: true, jump: 0, target: 'end' })
const visits = (...ids: string[]) => ids.reduce<readonly RecentVisit[]>((recent, id) => keepRecent(recent, visitOf(id)), [])
const idsOf = (recent: readonly RecentVisit[]) => recent.map(({ visit }) => visit.id)

describe('recent visits', () => {
  it('keep one of each conversation, where it stood', () => {
    expect(idsOf(visits('a', 'b', 'a', 'c'))).toEqual(['a', 'b', 'c'])
  })

  it('hold the newest visit of a conversation', () => {
    const again = visitOf('a')
    expect(keepRecent(visits('a', 'b'), again)[0]?.visit).toBe(again)
  })

  it('are so many at most, and the one not used longest goes', () => {
    const full = visits(...Array.from({ length: recentMax }, (_, index) => `c${index}`), 'c0')
    expect(idsOf(full)).toHaveLength(recentMax)
    const more = idsOf(keepRecent(full, visitOf('new')))
    expect(more).toHaveLength(recentMax)
    expect(more).toContain('c0')
    expect(more).not.toContain('c1')
  })
})
