import { describe, expect, it } from 'vitest'
import { rule } from '../../testing/rule'
import { applyEdit, isInCode, type MentionRange, readTokens, sliceWritten, withMention, type Written, writeTokens } from './mentionRanges'

const names = new Map([
  ['ann', 'Ann Bauer'],
  ['ann2', 'Ann Bauer'],
  ['tick', 'A`B'],
])

function type(before: Written, at: number, removed: number, inserted: string): Written {
  const text = before.text.slice(0, at) + inserted + before.text.slice(at + removed)
  return applyEdit(before, text, at + inserted.length)
}

describe(rule('N1', 'mentions while writing'), () => {
  it.each(['hi <@ann>, and <@ann2>', '<!all>', '<!here> <@who>', 'no <@ mention', '`<@ann>` <@ann>', '<@tick> ` <@ann>'])(
    '%s is stored as it was read',
    (stored) => {
      expect(writeTokens(readTokens(stored, names))).toBe(stored)
    },
  )

  it('are seen by name, and equal names stay two people', () => {
    const written = readTokens('<@ann> <@ann2>', names)
    expect(written.text).toBe('@Ann Bauer @Ann Bauer')
    expect(writeTokens(type(written, 0, 11, ''))).toBe('<@ann2>')
  })

  it('move with the text before them', () => {
    const written = readTokens('hi <@ann> there', names)
    expect(writeTokens(type(written, 0, 2, 'hello'))).toBe('hello <@ann> there')
    expect(writeTokens(type(written, 13, 6, ''))).toBe('hi <@ann>')
    expect(writeTokens(type(written, 3, 0, '('))).toBe('hi (<@ann> there')
  })

  it.each([
    ['a letter gone at its end', 12, 1, '', 'hi @Ann Baue'],
    ['a letter within', 5, 0, 'x', 'hi @Axnn Bauer'],
    ['its sign gone', 3, 1, '', 'hi Ann Bauer'],
    ['replaced across its end', 10, 3, '!', 'hi @Ann Ba!'],
  ])('with %s are plain text', (_, at, removed, inserted, expected) => {
    expect(writeTokens(type(readTokens('hi <@ann>', names), at, removed, inserted))).toBe(expected)
  })

  it('stay when the same letter is typed right behind them', () => {
    expect(writeTokens(type(readTokens('<@ann>', names), 10, 0, 'r'))).toBe('<@ann>r')
    expect(writeTokens(type(readTokens('@<@ann>', names), 0, 0, '@'))).toBe('@@<@ann>')
  })

  it('without a caret to go by still move', () => {
    const written = readTokens('hi <@ann> there', names)
    expect(writeTokens(applyEdit(written, 'hello @Ann Bauer there'))).toBe('hello <@ann> there')
  })

  it('are not made by a name alone', () => {
    expect(writeTokens({ text: '@Ann Bauer', mentions: [] })).toBe('@Ann Bauer')
  })

  it('are copied with what is selected, if they are selected whole', () => {
    const written = readTokens('hi <@ann> and <@ann2>!', names)
    expect(writeTokens(sliceWritten(written, 3, 21))).toBe('<@ann> and @An')
  })

  it('take the place of one that they overlap', () => {
    const one: MentionRange = { start: 0, end: 4, target: { type: 'wide', to: 'all' } }
    const two: MentionRange = { start: 0, end: 4, target: { type: 'person', userId: 'ann' } }
    expect(writeTokens(withMention(withMention({ text: '@all', mentions: [] }, one), two))).toBe('<@ann>')
  })
})

describe(rule('N3', 'mentions inside code'), () => {
  it('are the words that they show', () => {
    const written = readTokens('see <@ann>', names)
    const fenced = type(type(written, 14, 0, '`'), 4, 0, '`')
    expect(writeTokens(fenced)).toBe('see `@Ann Bauer`')
    expect(writeTokens(type(fenced, 4, 1, ''))).toBe('see <@ann>`')
  })

  it('are not offered there', () => {
    expect(isInCode({ text: 'a `b` c', mentions: [] }, 4)).toBe(true)
    expect(isInCode({ text: 'a `b` c', mentions: [] }, 6)).toBe(false)
    expect(isInCode({ text: '```\n@', mentions: [] }, 5)).toBe(true)
    expect(isInCode({ text: '```\n@\n```', mentions: [] }, 9)).toBe(false)
  })
})
