import type { Words } from '../../i18n/words'
import { type Typist, typistsIn } from '../../model/typing'
import type { ChatState } from '../../model/chatState'
import type { PersonPresence } from '../../protocol/wire'
import { clockWords, dayOf, listTimeWords } from '../shared/times'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const agoFormats = new Map<string, Intl.RelativeTimeFormat>()

function agoFormat({ locale }: Words): Intl.RelativeTimeFormat {
  let format = agoFormats.get(locale)
  if (format === undefined) {
    format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
    agoFormats.set(locale, format)
  }
  return format
}

/** By the minute for an hour, by the hour for a day, then by the day, as exact as the server says it (P8). */
export function agoWords(time: string, now: number, words: Words): string {
  const age = now - Date.parse(time)
  if (age < minuteMs) return words.t('presence.justNow')
  if (age < hourMs) return agoFormat(words).format(-Math.floor(age / minuteMs), 'minute')
  if (age < dayMs) return agoFormat(words).format(-Math.floor(age / hourMs), 'hour')
  return agoFormat(words).format(-Math.floor(age / dayMs), 'day')
}

/** A presence in words: "Away, last seen 5 minutes ago". */
export function presenceWords(presence: Omit<PersonPresence, 'userId'>, now: number, words: Words): string {
  const { state, lastSeen, until } = presence
  if (state === 'dnd' && until !== undefined) return words.t('presence.dndUntil', { time: untilWords(until, now, words) })
  const seen = words.t('presence.state', { state })
  if (lastSeen === undefined || (state !== 'away' && state !== 'offline')) return seen
  return words.t('presence.lastSeen', { state: seen, ago: agoWords(lastSeen, now, words) })
}

/** The time of today, else the day and the time. */
export function untilWords(until: string, now: number, words: Words): string {
  const clock = clockWords(until, words)
  return dayOf(until) === new Date(now).toDateString() ? clock : `${listTimeWords(until, now, words)}, ${clock}`
}

/** Who writes in a conversation, in words; empty when nobody does (T5). */
export function typingWords(state: Pick<ChatState, 'typing' | 'names'>, conversationId: string, words: Words): string {
  const typists = typistsIn(state.typing, conversationId)
  if (typists.length === 0) return ''
  const name = (typist: Typist | undefined) => state.names.get(typist?.userId ?? '') ?? words.t('presence.somebody')
  const [first, second, third] = typists
  switch (typists.length) {
    case 1:
      return words.t('presence.typingOne', { first: name(first) })
    case 2:
      return words.t('presence.typingTwo', { first: name(first), second: name(second) })
    case 3:
      return words.t('presence.typingThree', { first: name(first), second: name(second), third: name(third) })
    default:
      return words.t('presence.typingSeveral')
  }
}
