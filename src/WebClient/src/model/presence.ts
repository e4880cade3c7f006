import type { PersonPresence } from '../protocol/wire'

/** What was last heard of a person. */
type Heard = {
  presence: PersonPresence
  /** The server tells when it changes: it holds, however old it is. */
  watched: boolean
  /** When it was heard, or when it ceased to be watched. */
  at: number
}

/** The presence of people who are looked at, or were a moment ago. */
export type Presences = {
  heard: ReadonlyMap<string, Heard>
  /** The people whose changes the server was asked to tell. */
  asked: ReadonlySet<string>
}

export type PresenceAction =
  | { type: 'presenceAsked'; users: readonly string[]; now: number }
  | { type: 'presenceHeard'; presence: readonly PersonPresence[]; now: number }
  | { type: 'presenceLost'; now: number }

export const noPresences: Presences = { heard: new Map(), asked: new Set() }

/** Two leases of the gateway: what is not watched and older than this says nothing of now (P7). */
export const presenceHoldsMs = 150_000

/** Of somebody of whom nothing is known now. */
export const unknownPresence: Omit<PersonPresence, 'userId'> = { state: 'unknown', asOf: '' }

/** What may be shown of a person now: a wrong status is worse than none (P7). */
export function presenceOf(
  { heard }: Presences,
  userId: string,
  connected: boolean,
  now: number,
): Omit<PersonPresence, 'userId'> {
  const last = heard.get(userId)
  if (!connected || last === undefined) return unknownPresence
  return last.watched || now - last.at <= presenceHoldsMs ? last.presence : unknownPresence
}

export function reducePresence(presences: Presences, action: PresenceAction): Presences {
  switch (action.type) {
    case 'presenceAsked': {
      const asked = new Set(action.users)
      return { asked, heard: ageAll(presences.heard, action.now, (userId) => asked.has(userId)) }
    }
    case 'presenceHeard': {
      const heard = new Map(presences.heard)
      for (const presence of action.presence) {
        const { userId } = presence
        const before = heard.get(userId)?.presence
        const later = before === undefined || Date.parse(presence.asOf) >= Date.parse(before.asOf) ? presence : before
        // Equal ones keep their object: who shows it is not drawn again.
        const kept = before !== undefined && same(before, later) ? before : later
        heard.set(userId, { presence: kept, watched: presences.asked.has(userId), at: action.now })
      }
      return { ...presences, heard }
    }
    case 'presenceLost':
      if (presences.asked.size === 0) return presences
      return { asked: new Set(), heard: ageAll(presences.heard, action.now, () => false) }
  }
}

/** What is not watched any more begins to age; what is too old is forgotten. */
function ageAll(heard: Presences['heard'], now: number, watched: (userId: string) => boolean): Presences['heard'] {
  const kept = new Map<string, Heard>()
  for (const [userId, last] of heard) {
    if (last.watched && watched(userId)) kept.set(userId, last)
    else if (last.watched) kept.set(userId, { ...last, watched: false, at: now })
    else if (now - last.at <= presenceHoldsMs) kept.set(userId, last)
  }
  return kept
}

function same(a: PersonPresence, b: PersonPresence): boolean {
  return a.state === b.state && a.lastSeen === b.lastSeen && a.until === b.until && a.asOf === b.asOf
}
