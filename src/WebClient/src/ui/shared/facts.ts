import type { Words } from '../../i18n/words'
import type { Fact, Message } from '../../protocol/wire'

/** Of more people in a fact only so many are named. */
const namedMax = 5

/** A system message in the reader's language (C14). */
export function factWords(message: Message, names: ReadonlyMap<string, string>, me: string, words: Words): string {
  const { fact, author } = message
  const actor = author.userId === me ? words.t('timeline.factYou') : author.name
  if (fact === undefined) return words.t('timeline.factChanged', { actor })
  const targets = () => peopleWords(fact.targets, names, me, words)
  const title = fact.after ?? ''
  switch (fact.kind) {
    case 'created':
      return createdWords(fact, author.userId, actor, names, me, words)
    case 'added':
      return words.t('timeline.factAdded', { actor, targets: targets() })
    case 'removed':
      return words.t('timeline.factRemoved', { actor, targets: targets() })
    case 'left':
      return words.t('timeline.factLeft', { actor })
    case 'renamed':
      return words.t('timeline.factRenamed', { actor, title })
    case 'retention-changed':
      return words.t('timeline.factRetention', { actor })
    default:
      // A fact of a newer server.
      return words.t('timeline.factChanged', { actor })
  }
}

function createdWords(
  fact: Fact,
  author: string,
  actor: string,
  names: ReadonlyMap<string, string>,
  me: string,
  words: Words,
): string {
  const others = fact.targets.filter((target) => target !== author)
  const targets = peopleWords(others, names, me, words)
  if (fact.after === undefined) {
    return others.length === 0
      ? words.t('timeline.factStarted', { actor })
      : words.t('timeline.factStartedWith', { actor, targets })
  }
  return others.length === 0
    ? words.t('timeline.factCreated', { actor, title: fact.after })
    : words.t('timeline.factCreatedWith', { actor, title: fact.after, targets })
}

/** Me first, then those whose names are known; whoever has none here is only counted: an id says nothing to anybody. */
export function peopleWords(
  userIds: readonly string[],
  names: ReadonlyMap<string, string>,
  me: string,
  words: Words,
): string {
  const people = new Set(userIds)
  const named = people.has(me) ? [words.t('timeline.factYouTarget')] : []
  for (const userId of people) {
    const name = userId === me ? undefined : names.get(userId)
    if (name !== undefined && named.length < namedMax) named.push(name)
  }
  const others = people.size - named.length
  if (people.size === 0) return words.t('timeline.factNobody')
  if (others === 0) return words.list(named)
  if (named.length === 0) return words.t('timeline.factPeople', { count: others })
  return words.list([...named, words.t('timeline.factOthers', { count: others })])
}
