import type { Message, Quote } from '../protocol/wire'

/** Longest quoted text in Unicode scalars, like the server cuts it. */
const quoteScalarsMax = 200

/** A message as another one quotes it. */
export function quoteOf({ seq, author, text, deletedAt }: Message): Quote {
  return { seq, author, text: cutQuote(text), deleted: deletedAt !== undefined }
}

export function cutQuote(text: string): string {
  return Array.from(text).slice(0, quoteScalarsMax).join('')
}
