import { describe, expect, it } from 'vitest'
import type { Fact } from '../../protocol/wire'
import { ann, message } from '../../testing/samples'
import { english } from '../../i18n/words'
import { factWords } from './facts'

const names = new Map(['Ann', 'Bob', 'Cara', 'Dan', 'Eve', 'Fay', 'Gus'].map((name) => [name.toLowerCase(), name]))

function words(kind: Fact['kind'], targets: string[], more: Partial<Fact> = {}, me = 'me'): string {
  return factWords(message(1, ann, { kind: 'system', text: '', fact: { kind, targets, ...more } }), names, me, english)
}

describe('facts', () => {
  it.each([
    [['bob'], 'Ann added Bob'],
    [['bob', 'cara'], 'Ann added Bob and Cara'],
    [['x1'], 'Ann added 1 person'],
    [['x1', 'x2', 'x3'], 'Ann added 3 people'],
    [['x1', 'bob'], 'Ann added Bob and 1 other'],
    [['x1', 'bob', 'x2', 'cara'], 'Ann added Bob, Cara, and 2 others'],
    [['x1', 'x2', 'me'], 'Ann added you and 2 others'],
  ])('name whom the client knows and count the others: %j', (targets, expected) => {
    expect(words('added', targets)).toBe(expected)
  })

  it('say of a new conversation who was in it besides its author', () => {
    expect(words('created', [], { after: 'Desk' })).toBe('Ann created “Desk”')
    expect(words('created', ['ann'], { after: 'Desk' })).toBe('Ann created “Desk”')
    expect(words('created', ['ann', 'bob'])).toBe('Ann started the conversation with Bob')
    expect(words('created', ['x1', 'x2'], { after: 'Desk' })).toBe('Ann created “Desk” with 2 people')
  })

  it('name at most five people, and always me', () => {
    expect(words('created', ['bob', 'cara', 'dan', 'eve', 'fay'], { after: 'Desk' })).toBe(
      'Ann created “Desk” with Bob, Cara, Dan, Eve, and Fay',
    )
    expect(words('created', ['bob', 'cara', 'dan', 'eve', 'fay', 'gus', 'x1', 'me'], { after: 'Desk' })).toBe(
      'Ann created “Desk” with you, Bob, Cara, Dan, Eve, and 3 others',
    )
  })
})
