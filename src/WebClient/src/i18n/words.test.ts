import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { en } from './en'
import { english, Isolated, languageFor, languages, Words } from './words'

/** All of which a message consists, wherever it stands. */
function elementsOf(message: string): MessageFormatElement[] {
  const within = (element: MessageFormatElement): MessageFormatElement[] =>
    element.type === TYPE.plural || element.type === TYPE.select
      ? [element, ...Object.values(element.options).flatMap(({ value }) => value.flatMap(within))]
      : [element]
  return parse(message, { ignoreTag: true }).flatMap(within)
}

/** The names of all values that a message takes. */
function valuesOf(message: string): string[] {
  const names = elementsOf(message).flatMap((element) => (element.type === TYPE.literal || element.type === TYPE.pound ? [] : [element.value]))
  return [...new Set(names)].sort()
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the languages', () => {
  it.each(languages.map((language) => [language.tag, language] as const))('%s has every text, with the same values', async (_, language) => {
    const catalogue = await language.load()
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort())
    for (const [key, message] of Object.entries(catalogue)) {
      expect([key, valuesOf(message)]).toEqual([key, valuesOf(en[key as keyof typeof en])])
      expect(message.trim(), key).not.toBe('')
    }
  })

  it.each(languages.map((language) => [language.tag, language] as const))('%s needs no formats but those of plain numbers', async (_, language) => {
    for (const element of Object.values(await language.load()).flatMap(elementsOf)) {
      expect([TYPE.literal, TYPE.argument, TYPE.select, TYPE.plural, TYPE.pound]).toContain(element.type)
      if (element.type === TYPE.plural) expect(element.pluralType).toBe('cardinal')
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

  it.each(['en-GB', 'en-IN', 'en-u-nu-arab', 'ar-EG', 'ar-MA', 'ar'])('write numbers as %s has them', async (locale) => {
    const language = languageFor([locale])
    const words = new Words(language, await language.load(), [locale])
    const written = new Intl.NumberFormat(locale)
    for (const value of [...Array(1_100).keys(), -1, 0.5, 12_345]) expect(words.number(value)).toBe(written.format(value))
  })

  it('need no format for what a list of conversations says first', () => {
    const numbers = vi.spyOn(Intl, 'NumberFormat')
    const supported = vi.spyOn(Intl.NumberFormat, 'supportedLocalesOf')
    const words = new Words(english.language, en, ['en-GB'])
    expect([words.t('conversations.block', { block: 'unread' }), words.t('conversations.unread', { count: 7 }), words.number(99)]).toEqual(['Unread', '7 unread', '99'])
    expect(numbers).not.toHaveBeenCalled()
    expect(supported).not.toHaveBeenCalled()
  })
})
