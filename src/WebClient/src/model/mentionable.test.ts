import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { foldName, type Mentionable, rankMentionable } from './mentionable'

const people: Mentionable[] = [
  { userId: 'me', name: 'Ana Self' },
  { userId: 'u1', name: 'Joana Lima' },
  { userId: 'u2', name: 'Zoe Änger' },
  { userId: 'u3', name: 'Anders Øst' },
  { userId: 'ana.b', name: 'Bo Bell' },
  { userId: 'u5', name: 'Anna-Lena Groß' },
]

function found(text: string, lastSeq: [string, number][] = [], direct: string[] = []): string[] {
  const directPlace = new Map(direct.map((userId, place) => [userId, place]))
  return rankMentionable(people, text, { lastSeq: new Map(lastSeq), directPlace, me: 'me' }).map(({ userId }) => userId)
}

describe(rule('N2', 'whom somebody means'), () => {
  it('a word of the name or the id begins with it, then it stands inside one; I come last', () => {
    expect(found('an')).toEqual(['u3', 'u5', 'ana.b', 'u2', 'u1', 'me'])
  })

  it('who wrote here lately comes first, then with whom I write', () => {
    expect(found('an', [['ana.b', 3], ['u2', 9], ['u1', 20]], ['u5', 'u3'])).toEqual(['u2', 'ana.b', 'u5', 'u3', 'u1', 'me'])
  })

  it.each([
    ['anger', ['u2']],
    ['ost', ['u3']],
    ['GROSS', ['u5']],
    ['lena', ['u5']],
    ['anna-lena g', ['u5']],
    ['nobody', []],
  ])('%s: whatever the case, the accents and the word', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it('offers eight at most', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ userId: `x${index}`, name: `Xaver ${index}` }))
    expect(rankMentionable(many, 'x', { lastSeq: new Map(), directPlace: new Map(), me: 'me' })).toHaveLength(8)
  })

  it('compares as the server does', () => {
    expect(['İstanbul', 'STRASSE ß', 'ﬁne', 'ΣΟΦΟΣ'].map(foldName)).toEqual(['istanbul', 'strasse ss', 'fine', 'σοφοσ'])
  })
})
