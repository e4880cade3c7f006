import type { FoundConversation, FoundPerson } from '../protocol/wire'

/** Something to go to: a conversation that there is, or a person whom nobody has written to yet. */
export type Destination = {
  conversationId: string
  name: string
  /** By which name the group was found, when that is a former one. */
  formerName?: string
  kind: 'person' | 'group'
  /** The other person of a direct conversation. */
  userId?: string
  unread: number
  mentions: number
  /** ISO time; empty for a person whom nobody has written to yet. */
  lastActivity: string
}

/** So many are shown of what the client knows by itself; what the server adds stands below. */
export const localMax = 20

enum Match {
  exact,
  prefix,
  wordPrefix,
  inner,
  none,
}

/** Case and accents do not matter. */
export function foldName(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().trim()
}

function match(name: string, wanted: string): Match {
  const folded = foldName(name)
  if (folded === wanted) return Match.exact
  if (folded.startsWith(wanted)) return Match.prefix
  const at = folded.indexOf(wanted)
  if (at < 0) return Match.none
  return folded.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted)) ? Match.wordPrefix : Match.inner
}

/** Best first: how well the name matches, then what is unread, then what is recent (L4). Without a text: all, unread and recent first. */
export function rankLocally(destinations: readonly Destination[], text: string): Destination[] {
  const wanted = foldName(text)
  const ranked: { destination: Destination; match: Match }[] = []
  for (const destination of destinations) {
    const found = wanted === '' ? Match.prefix : match(destination.name, wanted)
    if (found !== Match.none) ranked.push({ destination, match: found })
  }
  ranked.sort(
    (a, b) =>
      a.match - b.match ||
      unreadRank(a.destination) - unreadRank(b.destination) ||
      compare(b.destination.lastActivity, a.destination.lastActivity) ||
      compare(a.destination.conversationId, b.destination.conversationId),
  )
  return ranked.slice(0, localMax).map(({ destination }) => destination)
}

/** What is shown stays where it is; what the server found besides comes below it. */
export function appendFound(
  shown: readonly Destination[],
  conversations: readonly FoundConversation[],
  people: readonly FoundPerson[],
  me: string,
  ownName: (name: string) => string,
): Destination[] {
  const known = new Set(shown.map((destination) => destination.conversationId))
  const added: Destination[] = []
  const add = (destination: Destination) => {
    if (known.has(destination.conversationId)) return
    known.add(destination.conversationId)
    added.push(destination)
  }
  for (const { conversation, formerTitle } of conversations) {
    const { id, peer, title, unread, lastActivity } = conversation
    add({
      conversationId: id,
      name: peer === undefined ? (title ?? '') : peer.userId === me ? ownName(peer.name) : peer.name,
      ...(formerTitle === undefined ? {} : { formerName: formerTitle }),
      kind: peer === undefined ? 'group' : 'person',
      ...(peer === undefined ? {} : { userId: peer.userId }),
      unread: unread.unread,
      mentions: unread.mentions,
      lastActivity,
    })
  }
  for (const { conversationId, userId, name } of people) {
    add({ conversationId, name: userId === me ? ownName(name) : name, kind: 'person', userId, unread: 0, mentions: 0, lastActivity: '' })
  }
  return [...shown, ...added]
}

function unreadRank({ unread, mentions }: Destination): number {
  return mentions > 0 ? 0 : unread > 0 ? 1 : 2
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
