import { describe, expect, it } from 'vitest'
import { rule } from '../../testing/rule'
import { decodeMentionId, mentionText, mentionToken } from './mentionText'

describe(rule('N1', 'a mention'), () => {
  it('is shown by the name that the person has now', () => {
    expect(mentionText('hi <@ann>, <!all> and <!here>', new Map([['ann', 'Ann Bauer']]))).toBe('hi @Ann Bauer, @all and @here')
    expect(mentionText('hi <@who>', new Map())).toBe('hi @who')
  })

  it.each(['ann', 'a%b', '<x>', '`', 'a@b.example', '%25'])('keeps the id %s', (id) => {
    const written = mentionToken(id)
    expect(decodeMentionId(written.slice(2, -1))).toBe(id)
    expect(mentionText(written, new Map([[id, 'N']]))).toBe('@N')
  })
})
