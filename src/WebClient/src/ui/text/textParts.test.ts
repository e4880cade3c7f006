import { describe, expect, it } from 'vitest'
import golden from '../../../../../test/golden/mention-text.json'
import { rule } from '../../testing/rule'
import { decodeMentionId, mentionToken, textParts } from './textParts'

describe('a text', () => {
  it.each(golden.vectors)(rule('N3', 'mentions whom the server tells: $text'), ({ text, users, ...wide }) => {
    const parts = textParts(text)
    const people = new Set(parts.flatMap((part) => (part.type === 'person' ? [part.userId] : [])))
    expect([...people]).toEqual(users)
    const to = parts.flatMap((part) => (part.type === 'wide' ? [part.to] : []))
    expect({ all: to.includes('all'), here: to.includes('here') }).toEqual({ all: wide.all === true, here: wide.here === true })
  })

  it('is its parts, whatever it is', () => {
    const pieces = ['`', '``', '```', '\n', '<', '<@a>', '<!all>', '>', ' ', 'x', '> ']
    for (let number = 0; number < 2_000; number++) {
      const text = Array.from({ length: 9 }, (_, place) => pieces[Math.floor(number * 7.31 ** place) % pieces.length]).join('')
      expect(textParts(text).map((part) => (part.type === 'text' ? part.text : part.raw)).join('')).toBe(text)
    }
  })

  it.each(['ann', 'a%b', '<x>', '`', 'a@b.example', '%25', '%60', 'a*b_c'])(rule('N1', 'names the id %s'), (id) => {
    const written = mentionToken(id)
    expect(decodeMentionId(written.slice(2, -1))).toBe(id)
    expect(textParts(written)).toEqual([{ type: 'person', raw: written, userId: id }])
  })
})
