/** Somebody who writes, for as long as nothing else is heard. */
export type Typist = { userId: string; until: number }

/** Who writes in which conversation. Only others: nobody is told of themselves, whatever device they write on (T5). */
export type Typing = ReadonlyMap<string, readonly Typist[]>

export type TypingAction =
  | { type: 'typingHeard'; conversationId: string; userId: string; typing: boolean; now: number }
  | { type: 'typingExpired'; now: number }

export const nobodyTypes: Typing = new Map()

/** Without another word somebody is forgotten: the one that says "ceased" may never come (T2). */
export const typingHoldsMs = 10_000

const nobody: readonly Typist[] = []

/** The same array for the same state. */
export function typistsIn(typing: Typing, conversationId: string): readonly Typist[] {
  return typing.get(conversationId) ?? nobody
}

export function reduceTyping(typing: Typing, action: TypingAction, me: string): Typing {
  switch (action.type) {
    case 'typingHeard': {
      const { conversationId, userId, now } = action
      if (userId === me) return typing
      if (!action.typing) return ceases(typing, conversationId, userId)
      const until = now + typingHoldsMs
      const known = typistsIn(typing, conversationId)
      const typists = known.some((typist) => typist.userId === userId)
        ? known.map((typist) => (typist.userId === userId ? { userId, until } : typist))
        : [...known, { userId, until }]
      return new Map(typing).set(conversationId, typists)
    }
    case 'typingExpired': {
      const kept = new Map<string, readonly Typist[]>()
      for (const [id, typists] of typing) {
        const still = typists.filter(({ until }) => until > action.now)
        if (still.length > 0) kept.set(id, still.length === typists.length ? typists : still)
      }
      return kept
    }
  }
}

/** A message of somebody ends their writing at once (T3), as their ceasing does. */
export function ceases(typing: Typing, conversationId: string, userId: string): Typing {
  const known = typistsIn(typing, conversationId)
  const others = known.filter((typist) => typist.userId !== userId)
  if (others.length === known.length) return typing
  const rest = new Map(typing)
  if (others.length === 0) rest.delete(conversationId)
  else rest.set(conversationId, others)
  return rest
}

/** When the next one is forgotten. */
export function nextExpiry(typing: Typing): number | undefined {
  let next: number | undefined
  for (const typists of typing.values()) for (const { until } of typists) if (next === undefined || until < next) next = until
  return next
}
