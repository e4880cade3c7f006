import type { FactKind, MessageKind, ConversationKind, Unread } from '../protocol/wire'

/** What the rule needs to know of a change; a change that is no message moves nothing but `rev`. */
export type CountedChange = {
  rev: number
  message?: {
    seq: number
    kind: MessageKind
    author: { userId: string }
    fact?: { kind: FactKind; targets: readonly string[] }
  }
}

/**
 * Moves the server's counts by the changes after them. `null`: there is a hole, only the server knows the counts.
 * The C# twin runs the same vectors: test/golden/unread-rules.json.
 */
export function applyChanges(
  basis: Unread,
  changes: readonly CountedChange[],
  me: string,
  kind: ConversationKind,
): Unread | null {
  let counts = basis
  for (const change of changes) {
    if (change.rev <= counts.rev) continue
    if (change.rev > counts.rev + 1) return null
    counts = moveBy(counts, change, me, kind)
  }
  return counts
}

/** Of two counts of one conversation the right one: a newer row of mine beats any change, then the later change. */
export function chooseUnread(a: Unread, b: Unread): Unread {
  if (a.readVersion !== b.readVersion) return a.readVersion > b.readVersion ? a : b
  return b.rev > a.rev ? b : a
}

/** Whether a message counts for me, wherever my cursor is. */
export function counts(message: NonNullable<CountedChange['message']>, me: string): boolean {
  return message.kind === 'text' ? message.author.userId !== me : addsMe(message, me)
}

function moveBy(basis: Unread, { rev, message }: CountedChange, me: string, kind: ConversationKind): Unread {
  if (message === undefined || message.seq <= basis.readSeq || !counts(message, me)) return { ...basis, rev }
  const mentionsMe = kind === 'direct' || addsMe(message, me)
  return { ...basis, rev, unread: basis.unread + 1, mentions: basis.mentions + (mentionsMe ? 1 : 0) }
}

function addsMe(message: NonNullable<CountedChange['message']>, me: string): boolean {
  return message.kind === 'system' && message.fact?.kind === 'added' && message.fact.targets.includes(me)
}
