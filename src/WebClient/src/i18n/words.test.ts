import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { describe, expect, it } from 'vitest'
import { en } from './en'
import { english, Isolated, languageFor, languages } from './words'

/** The names of all values that a message takes, wherever they stand in it. */
function valuesOf(message: string): string[] {
  const names = new Set<string>()
  const walk = (elements: readonly MessageFormatElement[]) => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue
      names.add(element.value)
      if (element.type === TYPE.plural || element.type === TYPE.select) {
        for (const option of Object.values(element.options)) walk(option.value)
      }
    }
  }
  walk(parse(message, { ignoreTag: true }))
  return [...names].sort()
}

describe('the languages', () => {
  it.each(languages.map((language) => [language.tag, language] as const))('%s has every text, with the same values', async (_, language) => {
    const catalogue = await language.load()
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort())
    for (const [key, message] of Object.entries(catalogue)) {
      expect([key, valuesOf(message)]).toEqual([key, valuesOf(en[key as keyof typeof en])])
      expect(message.trim(), key).not.toBe('')
    }
  })

  it('are chosen by the reader, without regard to the region', () => {
    expect(languageFor(['tlh', 'en-GB']).tag).toBe('en')
    expect(languageFor([]).tag).toBe('en')
  })
})

describe('words', () => {
  it('keep their direction whatever a name holds', () => {
    expect(english.t('conversations.other', { name: 'Mal\u202elory', text: 'hi' })).toBe('Mallory: hi')
  })

  it('stand around a value that is shown for itself', () => {
    expect(english.around('conversations.other', 'text', { name: 'Mal\u202elory' })).toEqual(['Mallory: ', ''])
    expect(english.around('composer.placeholder', 'title')).toEqual(['Message ', ''])
  })

  it('hold a text that is read its own way, and no longer than it is', () => {
    expect(english.t('conversations.own', { text: new Isolated('\u202eSince\u2069 ten.') })).toBe('You: \u2068Since ten.\u2069')
  })

  it('are ICU messages', () => {
    expect(english.t('shell.unsent', { count: 1 })).toBe('1 message has not been sent. Sign out and discard it?')
    expect(english.t('shell.unsent', { count: 2 })).toBe('2 messages have not been sent. Sign out and discard them?')
    expect(english.list(['a', 'b', 'c'])).toBe('a, b, and c')
  })
})
