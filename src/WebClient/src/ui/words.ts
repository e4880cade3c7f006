import type { FailureReason } from '../model/outbox'
import type { StopReason } from '../net/reconnect'
import type { Message, Role } from '../protocol/wire'

/** What the client says in its own words. One place, so that a translation has one place too. */
export function factWords(message: Message, nameOf: (userId: string) => string, me: string): string {
  const { fact, author } = message
  const actor = author.userId === me ? 'You' : author.name
  if (fact === undefined) return `${actor} changed the conversation`
  const targets = listWords(fact.targets.map((target) => (target === me ? 'you' : nameOf(target))))
  switch (fact.kind) {
    case 'created':
      return fact.after === undefined ? `${actor} started the conversation` : `${actor} created “${fact.after}”`
    case 'added':
      return `${actor} added ${targets}`
    case 'removed':
      return `${actor} removed ${targets}`
    case 'left':
      return `${actor} left`
    case 'renamed':
      return `${actor} renamed the conversation to “${fact.after ?? ''}”`
    default:
      return `${actor} changed the conversation`
  }
}

export function failureWords(reason: FailureReason): string {
  switch (reason) {
    case 'notFound':
      return 'You cannot write here any more.'
    case 'textEmpty':
      return 'There is nothing in it but white space.'
    case 'textTooLong':
      return 'It is too long.'
    case 'textInvalid':
      return 'It has a character that cannot be sent.'
    case 'tooOld':
      return 'It could not be sent for a whole day.'
    case 'clientIdReused':
    case 'invalidRequest':
    case 'notUnderstood':
    case 'rateLimited':
    case 'overloaded':
    case 'unavailable':
    case 'timeout':
      return 'The server did not accept it.'
    default:
      return 'The server did not accept it.'
  }
}

export function stopWords(reason: StopReason): string | undefined {
  switch (reason) {
    case 'notStarted':
    case 'signedOut':
      return undefined
    case 'sessionExpired':
      return 'Your session has expired. Please sign in again.'
    case 'refused':
      return 'The server has ended this session.'
  }
}

export function roleWords(role: Role): string {
  return role.charAt(0).toUpperCase() + role.slice(1)
}

export function numberWords(count: number): string {
  return count > 99 ? '99+' : String(count)
}

function listWords(items: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(items)
}
