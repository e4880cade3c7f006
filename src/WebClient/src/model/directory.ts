import type { Member } from '../protocol/wire'

/** What the directory has said of people; of those who are not here nothing but the name may be known. */
export type Directory = ReadonlyMap<string, Member>

/** `asked`: whoever of them is not among the people is nobody of this tenant. */
export type DirectoryAction = { type: 'peopleRead'; asked: readonly string[]; people: readonly Member[] }

export function reduceDirectory(directory: Directory, { people }: DirectoryAction): Directory {
  const next = new Map(directory)
  for (const person of people) next.set(person.userId, person)
  return next
}

/** The other person of a direct conversation, by its id: `dm/ann~bob`, see docs/keys-and-streams.md. */
export function peerOfId(conversationId: string, me: string): string | undefined {
  if (!conversationId.startsWith('dm/')) return undefined
  const parts = conversationId.slice('dm/'.length).split('~')
  if (parts.length !== 2) return undefined
  try {
    const [first = '', second = ''] = parts.map(decodeURIComponent)
    if (first === '' || second === '') return undefined
    return first === me ? second : second === me ? first : undefined
  } catch {
    return undefined
  }
}
