import { describe, expect, it } from 'vitest'
import { rule } from '../../testing/rule'
import { mentionText } from './mentionText'

describe(rule('N1', 'a mention'), () => {
  it('is shown by the name that the person has now', () => {
    expect(mentionText('hi <@ann>, <!all> and <!here>', new Map([['ann', 'Ann Bauer']]))).toBe('hi @Ann Bauer, @all and @here')
    expect(mentionText('hi <@who>', new Map())).toBe('hi @who')
  })

  it(rule('N3', 'is none in code'), () => {
    expect(mentionText('`<@ann>` <@ann>', new Map([['ann', 'Ann']]))).toBe('`<@ann>` @Ann')
  })
})
