import type { Words } from '../../i18n/words'

const dayMs = 24 * 60 * 60 * 1000

const formats = {
  clock: { hour: '2-digit', minute: '2-digit' },
  weekday: { weekday: 'short' },
  shortDate: { day: 'numeric', month: 'short' },
  shortDateOfYear: { day: 'numeric', month: 'short', year: 'numeric' },
  fullDate: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  exact: { dateStyle: 'full', timeStyle: 'medium' },
} satisfies Record<string, Intl.DateTimeFormatOptions>

const made = new Map<string, Intl.DateTimeFormat>()

/** In the reader's language and zone; making a format is slow, so each is made once, when it is needed. */
function format(name: keyof typeof formats, date: Date, { locale }: Words): string {
  const key = `${name} ${locale}`
  let known = made.get(key)
  if (known === undefined) {
    known = new Intl.DateTimeFormat(locale, formats[name])
    made.set(key, known)
  }
  return known.format(date)
}

/** Whether the first one was made, which takes longest. */
export function hasFormats(): boolean {
  return made.size > 0
}

export function clockWords(time: string, words: Words): string {
  return format('clock', new Date(time), words)
}

export function exactWords(time: string, words: Words): string {
  return format('exact', new Date(time), words)
}

/** The day in the reader's zone. */
export function dayOf(time: string): string {
  return new Date(time).toDateString()
}

export function dayWords(time: string, now: number, words: Words): string {
  const day = dayOf(time)
  if (day === new Date(now).toDateString()) return words.t('shared.today')
  if (day === new Date(now - dayMs).toDateString()) return words.t('shared.yesterday')
  return format('fullDate', new Date(time), words)
}

/** Short, for lists: the time of today, the day of this week, else the date, with the year unless it is this one. */
export function listTimeWords(time: string, now: number, words: Words): string {
  const date = new Date(time)
  const isToday = date.toDateString() === new Date(now).toDateString()
  const isThisYear = date.getFullYear() === new Date(now).getFullYear()
  const name = isToday ? 'clock' : now - date.getTime() < 6 * dayMs ? 'weekday' : isThisYear ? 'shortDate' : 'shortDateOfYear'
  return format(name, date, words)
}

/** "99+" above 99 (U1). */
export function countWords(count: number, words: Words): string {
  return count > 99 ? `${words.number(99)}+` : words.number(count)
}
