const clockTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
const shortDate = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const shortDateOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const fullDate = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })

const dayMs = 24 * 60 * 60 * 1000

export function clockWords(time: string): string {
  return clockTime.format(new Date(time))
}

export function exactWords(time: string): string {
  return exact.format(new Date(time))
}

/** The day in the reader's zone. */
export function dayOf(time: string): string {
  return new Date(time).toDateString()
}

export function dayWords(time: string, now: number): string {
  const day = dayOf(time)
  if (day === new Date(now).toDateString()) return 'Today'
  if (day === new Date(now - dayMs).toDateString()) return 'Yesterday'
  return fullDate.format(new Date(time))
}

/** Short, for the chat list: the time of today, the day of this week, else the date, with the year unless it is this one. */
export function listTimeWords(time: string, now: number): string {
  const date = new Date(time)
  if (date.toDateString() === new Date(now).toDateString()) return clockTime.format(date)
  if (now - date.getTime() < 6 * dayMs) return weekday.format(date)
  return date.getFullYear() === new Date(now).getFullYear() ? shortDate.format(date) : shortDateOfYear.format(date)
}
