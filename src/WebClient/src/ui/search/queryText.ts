/** The operators of a search that are offered, as docs/protocol.md has them; `value`: what comes behind is chosen by name. */
export const operators = [
  { insert: 'from:', words: 'search.from', value: 'person' },
  { insert: 'in:', words: 'search.in', value: 'conversation' },
  { insert: 'with:', words: 'search.with', value: 'person' },
  { insert: 'after:', words: 'search.after', value: 'day' },
  { insert: 'before:', words: 'search.before', value: 'day' },
  { insert: 'on:', words: 'search.on', value: 'day' },
  { insert: 'has:link', words: 'search.hasLink', value: undefined },
  { insert: 'has:code', words: 'search.hasCode', value: undefined },
  { insert: 'is:unread', words: 'search.isUnread', value: undefined },
  { insert: 'is:mentioned', words: 'search.isMentioned', value: undefined },
] as const

export type Operator = (typeof operators)[number]

/** The word that the cursor stands in or behind: from where, and whether it is the value of an operator. */
export type Word = { start: number; text: string; operator: Operator | undefined; value: string }

export function wordAt(query: string, cursor: number): Word {
  let start = 0
  let quoted = false
  for (let index = 0; index < cursor; index++) {
    if (query[index] === '"') quoted = !quoted
    else if (query[index] === ' ' && !quoted) start = index + 1
  }
  const text = query.slice(start, cursor)
  const operator = operators.find((known) => known.value !== undefined && text.startsWith(known.insert))
  const value = operator === undefined ? '' : text.slice(operator.insert.length).replaceAll('"', '')
  return { start, text, operator, value }
}

/** Puts something in the place of the word; what stands behind the cursor stays. */
export function replaceWord(query: string, word: Word, cursor: number, by: string): { query: string; cursor: number } {
  const space = by.endsWith(':') ? '' : ' '
  const before = query.slice(0, word.start) + by + space
  return { query: before + query.slice(cursor).trimStart(), cursor: before.length }
}

/** A name as the value of an operator: quoted where a space would end it. A quote cannot stand in it. */
export function valueText(name: string): string {
  const plain = name.replaceAll('"', '')
  return /\s/.test(plain) ? `"${plain}"` : plain
}

/** What a query looks for in the text of messages: its words and phrases, without operators and what must not be there. */
export function soughtWords(query: string): string[] {
  const sought: string[] = []
  for (const [part, phrase, word] of query.matchAll(/-?"([^"]*)"?|((?:[^\s"]|(?<=:)"[^"]*"?)+)/g)) {
    if (part.startsWith('-')) continue
    if (phrase !== undefined) sought.push(...phrase.split(/\s+/))
    else if (word !== undefined && !/^(from|in|with|before|after|on|has|is):/i.test(word)) sought.push(word.replace(/\*$/, ''))
  }
  return [...new Set(sought.map(fold).filter((word) => word !== ''))]
}

/** Without case and accents. */
function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

export type Part = { text: string; hit: boolean }

/** A text with the sought words marked, wherever they stand: one pass for each of at most 20 words. */
export function markWords(text: string, sought: readonly string[]): Part[] {
  if (sought.length === 0) return [{ text, hit: false }]
  const characters = Array.from(text)
  // Folding may make more or less of a character: each folded unit remembers which one it comes from.
  const origin: number[] = []
  let folded = ''
  characters.forEach((character, index) => {
    const plain = fold(character)
    folded += plain
    origin.push(...new Array<number>(plain.length).fill(index))
  })
  const hits = new Set<number>()
  for (const word of sought) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
      for (let unit = at; unit < at + word.length; unit++) hits.add(origin[unit] ?? 0)
    }
  }
  const parts: Part[] = []
  characters.forEach((character, index) => {
    const hit = hits.has(index)
    const last = parts.at(-1)
    if (last?.hit === hit) last.text += character
    else parts.push({ text: character, hit })
  })
  return parts
}

const beforeHit = 60
const shownScalarsMax = 300

/** The piece of a text around its first hit: a long message is not shown whole in a list. */
export function excerpt(text: string, sought: readonly string[]): Part[] {
  const parts = markWords(text, sought)
  const lead = parts[0]?.hit === false ? Array.from(parts[0].text) : []
  const cut = parts.length > 1 && lead.length > beforeHit
  const shown = cut ? [{ text: `…${lead.slice(-beforeHit).join('')}`, hit: false }, ...parts.slice(1)] : parts
  let room = shownScalarsMax
  const kept: Part[] = []
  for (const part of shown) {
    if (room <= 0) break
    const characters = Array.from(part.text)
    kept.push(characters.length > room ? { ...part, text: `${characters.slice(0, room).join('')}…` } : part)
    room -= characters.length
  }
  return kept
}
