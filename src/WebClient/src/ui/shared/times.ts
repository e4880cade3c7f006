import type { Words } from '../../i18n/words'

const dayMs = 24 * 60 * 60 * 1000

type Formats = Record<
  'clock' | 'weekday' | 'shortDate' | 'shortDateOfYear' | 'fullDate' | 'exact',
  Intl.DateTimeFormat
>

const formatsOf = new Map<string, Formats>()

/** In the reader's language and zone; making a format is slow, so each is made once. */
function formats(words: Words): Formats {
  const { locale } = words
  let made = formatsOf.get(locale)
  if (made === undefined) {
    made = {
      clock: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }),
      weekday: new Intl.DateTimeFormat(locale, { weekday: 'short' }),
      shortDate: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }),
      shortDateOfYear: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }),
      fullDate: new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
      exact: new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }),
    }
    formatsOf.set(locale, made)
  }
  return made
}

export function clockWords(time: string, words: Words): string {
  return formats(words).clock.format(new Date(time))
}

export function exactWords(time: string, words: Words): string {
  return formats(words).exact.format(new Date(time))
}

/** The day in the reader's zone. */
export function dayOf(time: string): string {
  return new Date(time).toDateString()
}

export function dayWords(time: string, now: number, words: Words): string {
  const day = dayOf(time)
  if (day === new Date(now).toDateString()) return words.t('shared.today')
  if (day === new Date(now - dayMs).toDateString()) return words.t('shared.yesterday')
  return formats(words).fullDate.format(new Date(time))
}

/** Short, for lists: the time of today, the day of this week, else the date, with the year unless it is this one. */
export function listTimeWords(time: string, now: number, words: Words): string {
  const date = new Date(time)
  const { clock, weekday, shortDate, shortDateOfYear } = formats(words)
  if (date.toDateString() === new Date(now).toDateString()) return clock.format(date)
  if (now - date.getTime() < 6 * dayMs) return weekday.format(date)
  return date.getFullYear() === new Date(now).getFullYear() ? shortDate.format(date) : shortDateOfYear.format(date)
}

/** "99+" above 99 (U1). */
export function countWords(count: number, words: Words): string {
  return count > 99 ? `${words.number(99)}+` : words.number(count)
}
