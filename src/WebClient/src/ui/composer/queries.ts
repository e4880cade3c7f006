import { isInCode, type Written } from './mentionRanges'

/** What is being looked for right before the caret: somebody to mention, or an emoji. */
export type Query = { kind: 'mention' | 'emoji'; text: string; start: number; end: number }

const lookBack = 42
/** Not within an e-mail address. A name may have spaces; it does not begin with one. */
const mention = /(?<![\p{L}\p{N}_.@])@((?:[^\s@`][^\n@`]{0,39})?)$/u
/** Not within a time, an address or a word. */
const emoji = /(?<![\p{L}\p{N}:/])(:)([\p{L}\p{N}_+-]{2,30})$/u
const finishedEmoji = /(?<![\p{L}\p{N}:/]):([a-z0-9_+-]{2,30}):$/u

export function queryAt(written: Written, caret: number): Query | undefined {
  const before = written.text.slice(Math.max(0, caret - lookBack), caret)
  if (!before.includes('@') && !before.includes(':')) return undefined
  const found = read(before, caret)
  if (found === undefined || isInCode(written, caret)) return undefined
  const chosen = written.mentions.some(({ start, end }) => start < caret && found.start < end)
  return chosen ? undefined : found
}

function read(before: string, caret: number): Query | undefined {
  // Nearer to the caret than a name, which may have spaces, and so anything, in it.
  const short = emoji.exec(before)?.[2]
  if (short !== undefined) return { kind: 'emoji', text: short, start: caret - short.length - 1, end: caret }
  const named = mention.exec(before)?.[1]
  if (named === undefined || named.includes('  ')) return undefined
  return { kind: 'mention', text: named, start: caret - named.length - 1, end: caret }
}

/** A whole `:name:` that ends at the caret. */
export function finishedEmojiAt(text: string, caret: number): { name: string; start: number } | undefined {
  if (text[caret - 1] !== ':') return undefined
  const name = finishedEmoji.exec(text.slice(Math.max(0, caret - lookBack), caret))?.[1]
  return name === undefined ? undefined : { name, start: caret - name.length - 2 }
}
