import { describe, expect, it } from 'vitest'
import { rule } from '../../testing/rule'
import { finishedEmojiAt, queryAt } from './queries'

function query(text: string): string | undefined {
  const found = queryAt({ text, mentions: [] }, text.length)
  return found === undefined ? undefined : `${found.kind} ${found.text}`
}

describe(rule('N2', 'what is looked for before the caret'), () => {
  it.each([
    ['@', 'mention '],
    ['hi @an', 'mention an'],
    ['(@Än', 'mention Än'],
    ['hi @Ann Ba', 'mention Ann Ba'],
    ['ann@example', undefined],
    ['@ noon', undefined],
    ['@ann  ', undefined],
    ['@ann\n', undefined],
    ['`@an`', undefined],
    ['```\n@an', undefined],
    [':smi', 'emoji smi'],
    ['hi :+1', 'emoji +1'],
    ['@ann :tad', 'emoji tad'],
    ['at 10:30', undefined],
    ['https://', undefined],
    ['Note:ok', undefined],
    [':)', undefined],
  ])('%s', (text, expected) => {
    expect(query(text)).toBe(expected)
  })

  it('is nothing in and behind a mention that was chosen', () => {
    const written = { text: '@Ann Bauer ', mentions: [{ start: 0, end: 10, target: { type: 'person' as const, userId: 'ann' } }] }
    expect([queryAt(written, 10), queryAt(written, 11), queryAt(written, 4)]).toEqual([undefined, undefined, undefined])
  })

  it('says where it stands', () => {
    expect(queryAt({ text: 'hi @an there', mentions: [] }, 6)).toEqual({ kind: 'mention', text: 'an', start: 3, end: 6 })
  })
})

describe(rule('N2', 'a whole emoji name'), () => {
  it('ends with a colon', () => {
    expect(finishedEmojiAt('hi :tada:', 9)).toEqual({ name: 'tada', start: 3 })
    expect(finishedEmojiAt('10:30:', 6)).toBeUndefined()
  })
})
