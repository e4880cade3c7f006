import type { FailureReason } from '../model/outbox'
import type { StopReason } from '../net/reconnect'
import type { Message, Role } from '../protocol/wire'

/** Of more people in a fact only so many are named. */
const namedMax = 5

/** What the client says in its own words. One place, so that a translation has one place too. */
export function factWords(message: Message, names: ReadonlyMap<string, string>, me: string): string {
  const { fact, author } = message
  const actor = author.userId === me ? 'You' : author.name
  if (fact === undefined) return `${actor} changed the conversation`
  const targets = peopleWords(fact.targets, names, me)
  switch (fact.kind) {
    case 'created': {
      const created = fact.after === undefined ? `${actor} started the conversation` : `${actor} created “${fact.after}”`
      const others = fact.targets.filter((target) => target !== author.userId)
      return others.length === 0 ? created : `${created} with ${peopleWords(others, names, me)}`
    }
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

/** A text with the names of those whom it mentions, as they are called now. */
export function textWords(message: Message, names: ReadonlyMap<string, string>): string {
  if (message.deletedAt !== undefined) return 'This message was deleted.'
  return mentionWords(message.text, names)
}

/** `<@id>` becomes @name; what would end or hide an id stands in it as %25, %3C, %3E, %60. */
export function mentionWords(text: string, names: ReadonlyMap<string, string>): string {
  if (!text.includes('<')) return text
  return text.replaceAll(/<@([^<>`]+)>|<!(all|here)>/g, (_, encoded: string | undefined, wide: string | undefined) => {
    if (encoded === undefined) return `@${wide ?? ''}`
    const id = encoded.replaceAll('%60', '`').replaceAll('%3E', '>').replaceAll('%3C', '<').replaceAll('%25', '%')
    return `@${names.get(id) ?? id}`
  })
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

/** Me first, then those whose names are known; whoever has none here is only counted: an id says nothing to anybody. */
function peopleWords(userIds: readonly string[], names: ReadonlyMap<string, string>, me: string): string {
  const people = new Set(userIds)
  const named = people.has(me) ? ['you'] : []
  for (const userId of people) {
    const name = userId === me ? undefined : names.get(userId)
    if (name !== undefined && named.length < namedMax) named.push(name)
  }
  const others = people.size - named.length
  if (people.size === 0) return 'nobody'
  if (others === 0) return listWords(named)
  if (named.length === 0) return others === 1 ? '1 person' : `${others} people`
  return listWords([...named, others === 1 ? '1 other' : `${others} others`])
}

function listWords(items: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(items)
}
