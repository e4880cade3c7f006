import { type TextPart, textParts } from './textParts'

/** A text in one line of plain words: who is mentioned is called by name; code stays as it was written. */
export function mentionText(text: string, names: ReadonlyMap<string, string>): string {
  if (!text.includes('<')) return text
  return textParts(text)
    .map((part) => partWords(part, names))
    .join('')
}

function partWords(part: TextPart, names: ReadonlyMap<string, string>): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'code':
      return part.raw
    case 'person':
      return `@${names.get(part.userId) ?? part.userId}`
    case 'wide':
      return `@${part.to}`
  }
}
