/** Somebody who can be mentioned in a conversation. */
export type Mentionable = { userId: string; name: string }

/** What the order goes by besides the names, see `rankMentionable`. */
export type Nearness = {
  /** Last message of each who wrote here lately. */
  lastSeq: ReadonlyMap<string, number>
  /** With whom I write directly, the last active first: the place in that order. */
  directPlace: ReadonlyMap<string, number>
  me: string
}

export const mentionableMax = 8

const variants: Record<string, string> = { ı: 'i', ß: 'ss', ł: 'l', đ: 'd', ð: 'd', ø: 'o', æ: 'ae', œ: 'oe', þ: 'th', ħ: 'h', ŧ: 't', ŋ: 'n', ς: 'σ' }

/** A text as it is compared: without case, accents and other variants of a letter, as the server's TextFold does. */
export function foldName(text: string): string {
  // eslint-disable-next-line no-control-regex -- ASCII needs no tables
  if (/^[\u0000-\u007f]*$/.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/[ıßłđðøæœþħŧŋς]/gu, (letter) => variants[letter] ?? letter)
}

type Match = 'begins' | 'inner'

/** Whether a word of the name begins with it, or it stands inside one. Both folded. */
function matchName(name: string, wanted: string): Match | undefined {
  if (wanted === '') return 'begins'
  let at = name.indexOf(wanted)
  if (at < 0) return undefined
  for (; at >= 0; at = name.indexOf(wanted, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]$/u.test(name.slice(Math.max(0, at - 2), at))) return 'begins'
  }
  return 'inner'
}

/**
 * The best to mention, as the server ranks them (N2): a word that begins with the text before one that has it inside;
 * then who wrote here lately, the last first; then with whom I write directly; then by name; I come last.
 */
export function rankMentionable(people: Iterable<Mentionable>, text: string, near: Nearness): Mentionable[] {
  const wanted = foldName(text.trim())
  const ranked = []
  for (const person of people) {
    const name = foldName(person.name)
    const byName = matchName(name, wanted)
    const byId = byName === 'begins' ? byName : matchName(foldName(person.userId), wanted)
    const match = byName === 'begins' || byId === 'begins' ? 'begins' : (byName ?? byId)
    if (match === undefined) continue
    const { userId } = person
    const order = [
      userId === near.me ? 1 : 0,
      match === 'inner' ? 1 : 0,
      -(near.lastSeq.get(userId) ?? 0),
      near.directPlace.get(userId) ?? Infinity,
    ]
    ranked.push({ person, name, order })
  }
  ranked.sort((a, b) => {
    const differs = a.order.findIndex((value, place) => value !== b.order[place])
    if (differs >= 0) return (a.order[differs] ?? 0) < (b.order[differs] ?? 0) ? -1 : 1
    return a.name < b.name ? -1 : a.name > b.name ? 1 : a.person.userId < b.person.userId ? -1 : 1
  })
  return ranked.slice(0, mentionableMax).map(({ person }) => person)
}
