import { describe, expect, it } from 'vitest'
import { english } from '../../i18n/words'
import { rule } from '../../testing/rule'
import { ann, bob, message, range } from '../../testing/samples'
import { announcement, newsAfter } from './useAnnouncements'

const names = new Map([['ann', 'Ann']])

describe(rule('W10', 'what is read aloud'), () => {
  it('is what others wrote since', () => {
    const messages = [message(1), message(2), message(3, ann), message(4, bob, { deletedAt: 'x', text: '' }), message(5)]
    expect(newsAfter(1, messages, 'ann').map(({ seq }) => seq)).toEqual([2, 5])
  })

  it('is each of a few, and the number of many', () => {
    expect(announcement([message(1, bob, { text: 'hi <@ann>' }), message(2)], names, 'ann', english)).toBe('Bob: hi @Ann\nBob: Message 2')
    expect(announcement(range(1, 4).map((seq) => message(seq)), names, 'ann', english)).toBe('4 new messages')
  })
})
