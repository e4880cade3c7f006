import { describe, expect, it } from 'vitest'
import { rule } from '../../testing/rule'
import { excerpt, markWords, replaceWord, soughtWords, valueText, wordAt } from './queryText'

function marked(text: string, query: string): string {
  return markWords(text, soughtWords(query))
    .map((part) => (part.hit ? `[${part.text}]` : part.text))
    .join('')
}

describe(rule('L5', 'a query'), () => {
  it.each([
    ['printer broken', ['printer', 'broken']],
    ['from:ann "Thank you" -never pre* has:link', ['thank', 'you', 'pre']],
    ['-"not this" Käse', ['kase']],
    ['in:"Support team" 10.0.0.1', ['10.0.0.1']],
    ['', []],
  ])('looks for the words of %s', (query, words) => {
    expect(soughtWords(query)).toEqual(words)
  })

  it('marks what it found, whatever case and accents', () => {
    expect(marked('Der KÄSE ist da, kase', 'käse')).toBe('Der [KÄSE] ist da, [kase]')
    expect(marked('a😀b', 'b')).toBe('a😀[b]')
    expect(marked('nothing', '')).toBe('nothing')
  })

  it('shows a long message around its first hit, and not whole', () => {
    const text = `${'x '.repeat(500)}needle ${'y '.repeat(500)}`
    const shown = excerpt(text, ['needle'])
      .map((part) => part.text)
      .join('')
    expect(shown).toContain('needle')
    expect(shown.startsWith('…')).toBe(true)
    expect(shown.length).toBeLessThan(320)
  })
})

describe('the word at the cursor', () => {
  it.each([
    ['hello fr', 8, 'fr', undefined, ''],
    ['from:an', 7, 'from:an', 'from:', 'an'],
    ['x from:"Ann B', 13, 'from:"Ann B', 'from:', 'Ann B'],
    ['has:link', 8, 'has:link', undefined, ''],
    ['a b', 1, 'a', undefined, ''],
  ])('of %s at %d is %s', (query, cursor, text, operator, value) => {
    const word = wordAt(query, cursor)
    expect([word.text, word.operator?.insert, word.value]).toEqual([text, operator, value])
  })

  it('is replaced by what was chosen', () => {
    expect(replaceWord('x fr y', wordAt('x fr y', 4), 4, 'from:')).toEqual({ query: 'x from:y', cursor: 7 })
    expect(replaceWord('from:a', wordAt('from:a', 6), 6, `from:${valueText('Ann "B" Bauer')}`)).toEqual({
      query: 'from:"Ann B Bauer" ',
      cursor: 19,
    })
  })
})
