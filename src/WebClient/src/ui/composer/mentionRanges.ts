import { mentionToken, textParts } from '../text/textParts'

/** Somebody mentioned, or everybody. */
export type MentionTarget = { type: 'person'; userId: string } | { type: 'wide'; to: 'all' | 'here' }

/** Where in the text somebody is mentioned. The name stands there as it was; who is meant stands beside it (N1). */
export type MentionRange = { start: number; end: number; target: MentionTarget }

/** A text as its writer sees it: names for people, which may be equal or change, and who is meant by each. */
export type Written = { text: string; mentions: readonly MentionRange[] }

export const nothingWritten: Written = { text: '', mentions: [] }

export function tokenOf(target: MentionTarget): string {
  return target.type === 'person' ? mentionToken(target.userId) : `<!${target.to}>`
}

export function nameOf(target: MentionTarget, names: ReadonlyMap<string, string>): string {
  return target.type === 'person' ? (names.get(target.userId) ?? target.userId) : target.to
}

/** A stored text as its writer sees it. */
export function readTokens(stored: string, names: ReadonlyMap<string, string>): Written {
  if (!stored.includes('<')) return { text: stored, mentions: [] }
  let text = ''
  const mentions: MentionRange[] = []
  for (const part of textParts(stored)) {
    if (part.type === 'text') text += part.text
    else if (part.type === 'code') text += part.raw
    else {
      const target: MentionTarget = part.type === 'person' ? { type: 'person', userId: part.userId } : { type: 'wide', to: part.to }
      const start = text.length
      text += `@${nameOf(target, names)}`
      mentions.push({ start, end: text.length, target })
    }
  }
  return { text, mentions }
}

/** The text as it is stored and sent. Inside code nobody is mentioned (N3): what was one stays the words it shows. */
export function writeTokens({ text, mentions }: Written): string {
  if (mentions.length === 0) return text
  const code = text.includes('`') ? codeIn(text, mentions) : []
  let stored = ''
  let at = 0
  for (const { start, end, target } of mentions) {
    if (code.some((range) => range.start < end && start < range.end)) continue
    stored += text.slice(at, start) + tokenOf(target)
    at = end
  }
  return stored + text.slice(at)
}

/** Whether this place lies inside code; at the end of code that is not closed yet, too. */
export function isInCode({ text, mentions }: Written, at: number): boolean {
  return text.includes('`') && codeIn(text, mentions).some(({ start, end, closed }) => start < at && (at < end || !closed))
}

/**
 * What an edit makes of it: mentions behind it move, those that it touches become plain text. `caret`: where the edit
 * ended, which tells equal letters apart.
 */
export function applyEdit(before: Written, text: string, caret?: number): Written {
  if (before.mentions.length === 0) return { text, mentions: before.mentions }
  const { start, removed, inserted } = difference(before.text, text, caret)
  const removedEnd = start + removed
  const shift = inserted - removed
  const mentions: MentionRange[] = []
  for (const mention of before.mentions) {
    if (mention.end <= start) mentions.push(mention)
    else if (mention.start >= removedEnd) mentions.push({ ...mention, start: mention.start + shift, end: mention.end + shift })
  }
  return { text, mentions }
}

export function withMention({ text, mentions }: Written, added: MentionRange): Written {
  const others = mentions.filter(({ start, end }) => end <= added.start || added.end <= start)
  return { text, mentions: [...others, added].sort((a, b) => a.start - b.start) }
}

/** A stretch of it, with the mentions that lie in it whole. */
export function sliceWritten({ text, mentions }: Written, from: number, to: number): Written {
  return {
    text: text.slice(from, to),
    mentions: mentions
      .filter(({ start, end }) => from <= start && end <= to)
      .map((mention) => ({ ...mention, start: mention.start - from, end: mention.end - from })),
  }
}

/** One stretch of the text that was replaced by another. */
export function difference(before: string, after: string, caret?: number): { start: number; removed: number; inserted: number } {
  const shorter = Math.min(before.length, after.length)
  if (caret !== undefined) {
    // What stands behind the caret was there before, if the caret is where the edit ended.
    const rest = after.length - caret
    if (rest <= before.length && before.endsWith(after.slice(caret))) {
      const most = Math.min(caret, before.length - rest)
      const start = commonPrefix(before, after, most)
      return { start, removed: before.length - rest - start, inserted: caret - start }
    }
  }
  const start = commonPrefix(before, after, shorter)
  let same = 0
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same++
  return { start, removed: before.length - same - start, inserted: after.length - same - start }
}

function commonPrefix(a: string, b: string, most: number): number {
  let at = 0
  while (at < most && a[at] === b[at]) at++
  return at
}

function codeIn(text: string, mentions: readonly MentionRange[]): { start: number; end: number; closed: boolean }[] {
  // A backtick in a name is none in the text that is sent.
  let masked = ''
  let from = 0
  for (const { start, end } of mentions) {
    masked += text.slice(from, start) + ' '.repeat(end - start)
    from = end
  }
  masked += text.slice(from)
  const code = []
  let at = 0
  for (const part of textParts(masked)) {
    const length = part.type === 'text' ? part.text.length : part.raw.length
    if (part.type === 'code') code.push({ start: at, end: at + length, closed: part.closed })
    at += length
  }
  return code
}
