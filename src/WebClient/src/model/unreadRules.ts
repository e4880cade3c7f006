import type { FactKind, MessageKind, ConversationKind, Unread } from '../protocol/wire'

/** Whom a message mentions; what is empty may be missing. */
export type CountedMentions = { users?: readonly string[]; all?: boolean; here?: readonly string[] }

/** What the rule needs to know of a change; a change of another kind moves nothing but `rev`. */
export type CountedChange = {
  rev: number
  message?: {
    seq: number
    kind: MessageKind
    author: { userId: string }
    time?: string
    fact?: { kind: FactKind; targets: readonly string[] }
    mentions?: CountedMentions
  }
  edited?: {
    seq: number
    authorId: string
    postedAt: string
    mentionsBefore?: CountedMentions
    mentions?: CountedMentions
  }
  deleted?: { seq: number; authorId: string; postedAt: string; mentionsBefore?: CountedMentions }
}

/** Counts with the mute that wide mentions go by. */
export type Counts = Unread & { mutedFrom?: string; mutedUntil?: string }

/**
 * Moves the server's counts by the changes after them. `null`: there is a hole, only the server knows the counts.
 * The C# twin runs the same vectors: test/golden/unread-rules.json.
 */
export function applyChanges(
  basis: Counts,
  changes: readonly CountedChange[],
  me: string,
  kind: ConversationKind,
): Counts | null {
  let counts = basis
  for (const change of changes) {
    if (change.rev <= counts.rev) continue
    if (change.rev > counts.rev + 1) return null
    counts = moveBy({ ...counts, rev: change.rev }, change, me, kind)
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

function moveBy(basis: Counts, change: CountedChange, me: string, kind: ConversationKind): Counts {
  const mentions = (of: CountedMentions | undefined, postedAt: string | undefined) =>
    kind === 'direct' || mentionsMe(basis, of, postedAt, me) ? 1 : 0
  const { message, edited, deleted } = change
  if (message !== undefined && message.seq > basis.readSeq && counts(message, me)) {
    return add(basis, 1, addsMe(message, me) ? 1 : mentions(message.mentions, message.time))
  }
  if (edited !== undefined && edited.seq > basis.readSeq && edited.authorId !== me) {
    return add(basis, 0, mentions(edited.mentions, edited.postedAt) - mentions(edited.mentionsBefore, edited.postedAt))
  }
  if (deleted !== undefined && deleted.seq > basis.readSeq && deleted.authorId !== me) {
    return add(basis, -1, -mentions(deleted.mentionsBefore, deleted.postedAt))
  }
  return basis
}

function add(basis: Counts, unread: number, mentions: number): Counts {
  return { ...basis, unread: basis.unread + unread, mentions: basis.mentions + mentions }
}

/** By name, or by a wide mention that was not muted when the message was posted. */
function mentionsMe(
  basis: Counts,
  mentions: CountedMentions | undefined,
  postedAt: string | undefined,
  me: string,
): boolean {
  if (mentions === undefined) return false
  if (mentions.users?.includes(me) === true) return true
  const meant = mentions.all === true || mentions.here?.includes(me) === true
  return meant && !(postedAt !== undefined && isMuted(basis, postedAt))
}

function isMuted({ mutedFrom, mutedUntil }: Counts, at: string): boolean {
  const time = Date.parse(at)
  return (
    mutedFrom !== undefined &&
    Date.parse(mutedFrom) <= time &&
    (mutedUntil === undefined || time < Date.parse(mutedUntil))
  )
}

function addsMe(message: NonNullable<CountedChange['message']>, me: string): boolean {
  return message.kind === 'system' && message.fact?.kind === 'added' && message.fact.targets.includes(me)
}
