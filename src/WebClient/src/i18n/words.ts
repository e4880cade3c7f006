import { type MessageFormatElement, parse } from '@formatjs/icu-messageformat-parser'
import { type Formats, type Formatters, formatToParts } from 'intl-messageformat'
import { en } from './en'

/** Every text of the client by its key; the languages' catalogues have exactly these keys. */
export type MessageKey = keyof typeof en
export type Catalogue = Readonly<Record<MessageKey, string>>
type PlainValues = Record<string, string | number | boolean | Date>
export type MessageValues = Record<string, PlainValues[string] | Isolated>

/** A text that is read its own way within a sentence that may be read the other one. */
export class Isolated {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** "First strong isolate" until "pop directional isolate" (Unicode UAX #9). */
  toString(): string {
    return `\u2068${this.text.replaceAll(overrides, '')}\u2069`
  }
}

export type Language = { tag: string; name: string; direction: 'ltr' | 'rtl'; load: () => Promise<Catalogue> }

/** English is always there: what is shown before another language has come, and where nothing else is known. */
const englishLanguage: Language = { tag: 'en', name: 'English', direction: 'ltr', load: () => Promise.resolve(en) }

export const languages: readonly Language[] = [
  englishLanguage,
  { tag: 'ar', name: 'العربية', direction: 'rtl', load: () => import('./ar').then((module) => module.ar) },
]

/** The first of the wanted languages that there is; a region is no reason to have another language. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split('-')[0]
    const found = languages.find((language) => language.tag === base)
    if (found !== undefined) return found
  }
  return englishLanguage
}

/** The client's own words in one language: ICU messages, numbers, lists and times. */
export class Words {
  readonly language: Language
  /** For numbers and times: the reader's region where the language is the same, which decides 24 hours or 12. */
  readonly locale: string
  readonly #catalogue: Catalogue
  /** Every English has European digits, and no sign between them below 1,000; `-u-` may ask for others (RFC 6067). */
  readonly #hasPlainDigits: boolean
  readonly #messages = new Map<MessageKey, MessageFormatElement[]>()
  // Made when they are needed: that is slow, and the first of a page much slower, as it looks through all the languages there are.
  #number: Intl.NumberFormat | undefined
  #list: Intl.ListFormat | undefined
  #plural: Intl.PluralRules | undefined
  /** Messages ask for plain numbers and how many of them there are, and for no styles (`words.test.ts`). */
  readonly #formatters: Formatters = {
    getNumberFormat: () => (this.#number ??= new Intl.NumberFormat(this.locale)),
    getDateTimeFormat: (locales, options) => new Intl.DateTimeFormat(locales, options),
    getPluralRules: () => (this.#plural ??= new Intl.PluralRules(this.locale)),
  }

  constructor(language: Language, catalogue: Catalogue, readersLocales: readonly string[] = []) {
    this.language = language
    this.locale = readersLocales.find((wanted) => wanted.split('-')[0] === language.tag) ?? language.tag
    this.#hasPlainDigits = language.tag === 'en' && !this.locale.includes('-u-')
    this.#catalogue = catalogue
  }

  readonly t = (key: MessageKey, values?: MessageValues): string => {
    const message = this.#catalogue[key]
    if (values === undefined && !message.includes('{') && !message.includes("'")) return message
    let parsed = this.#messages.get(key)
    if (parsed === undefined) {
      parsed = parse(message, { ignoreTag: true })
      this.#messages.set(key, parsed)
    }
    const plain = values === undefined ? undefined : withoutOverrides(values)
    return formatToParts(parsed, this.locale, this.#formatters, noStyles, plain, undefined, message).map(({ value }) => value).join('')
  }

  /** What stands before and after one of the values, for whoever shows that one for itself. */
  readonly around = (key: MessageKey, value: string, others?: MessageValues): [before: string, after: string] => {
    const [before = '', after = ''] = this.t(key, { ...others, [value]: place }).split(place)
    return [before, after]
  }

  readonly number = (value: number): string =>
    this.#hasPlainDigits && Number.isInteger(value) && value >= 0 && value < 1_000
      ? String(value)
      : this.#formatters.getNumberFormat().format(value)

  readonly list = (items: readonly string[]): string =>
    (this.#list ??= new Intl.ListFormat(this.locale, { type: 'conjunction' })).format(items)
}

/** A name may hold signs that turn the direction of all that follows it: the sentence around it is ours. */
function withoutOverrides(values: MessageValues): PlainValues {
  const plain: PlainValues = {}
  for (const [name, value] of Object.entries(values)) {
    if (value instanceof Isolated) plain[name] = value.toString()
    else plain[name] = typeof value === 'string' && override.test(value) ? value.replaceAll(overrides, '') : value
  }
  return plain
}

const noStyles: Formats = { number: {}, date: {}, time: {} }

/** In no text: a noncharacter (Unicode 23.7). */
const place = '\ufdd0'

const override = /[\u202a-\u202e\u2066-\u2069]/
const overrides = new RegExp(override, 'g')

export const english = new Words(englishLanguage, en)
