/**
 * A text cut into what the server's rule calls code, whom it mentions, and the rest (docs/protocol.md, Post). The server
 * decides who is mentioned: what is code here must be code there. Its twin is MentionText.cs; both run the vectors in
 * test/golden/mention-text.json. Linear, whatever the text.
 */
export type TextPart =
  | { type: 'text'; text: string }
  | { type: 'code'; raw: string; /** Backticks on each side. */ ticks: number; closed: boolean; /** Nothing stands before it in its line. */ beginsLine: boolean }
  | { type: 'person'; raw: string; userId: string }
  | { type: 'wide'; raw: string; to: 'all' | 'here' }

const userIdCharsMax = 128

export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = []
  let plainFrom = 0
  const take = (from: number, part: TextPart & { raw: string }) => {
    if (from > plainFrom) parts.push({ type: 'text', text: text.slice(plainFrom, from) })
    parts.push(part)
    plainFrom = from + part.raw.length
  }
  const ends = text.includes('`') ? codeEnds(text) : undefined
  for (let at = nextSign(text, 0); at < text.length; at = nextSign(text, at)) {
    if (text[at] === '`') {
      const ticks = runAt(text, at)
      const end = ends?.get(at)
      if (end !== undefined) {
        take(at, { type: 'code', raw: text.slice(at, end.at), ticks, closed: end.closed, beginsLine: beginsLine(text, at) })
      }
      at = end?.at ?? at + ticks
    } else {
      const mention = mentionAt(text, at)
      if (mention !== undefined) take(at, mention)
      at += mention?.raw.length ?? 1
    }
  }
  if (plainFrom < text.length) parts.push({ type: 'text', text: text.slice(plainFrom) })
  return parts
}

/** The id in a mention's token, as docs/protocol.md writes it. */
export function decodeMentionId(encoded: string): string {
  return encoded.replaceAll('%60', '`').replaceAll('%3E', '>').replaceAll('%3C', '<').replaceAll('%25', '%')
}

export function mentionToken(userId: string): string {
  const id = userId.replaceAll('%', '%25').replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('`', '%60')
  return `<@${id}>`
}

const sign = /[`<]/g

function nextSign(text: string, from: number): number {
  sign.lastIndex = from
  return sign.exec(text)?.index ?? text.length
}

function mentionAt(text: string, at: number): (TextPart & { raw: string }) | undefined {
  if (text.startsWith('<!all>', at)) return { type: 'wide', raw: '<!all>', to: 'all' }
  if (text.startsWith('<!here>', at)) return { type: 'wide', raw: '<!here>', to: 'here' }
  if (!text.startsWith('<@', at)) return undefined
  // Three characters of text for each that is encoded; what is longer names nobody, and is not searched through.
  const window = text.slice(at + 2, at + 2 + 3 * userIdCharsMax + 1)
  const end = window.search(/[<>`]/)
  if (end <= 0 || window[end] !== '>') return undefined
  const userId = decodeMentionId(window.slice(0, end))
  // eslint-disable-next-line no-control-regex -- what the server calls a control character
  if (userId.length > userIdCharsMax || /[\u0000-\u001f\u007f-\u009f]/.test(userId)) return undefined
  return { type: 'person', raw: text.slice(at, at + 2 + end + 1), userId }
}

/**
 * Where each piece of code ends, by where it begins. Code is what stands between two runs of equally many backticks; a
 * run of three or more at the beginning of a line that is never closed lasts to the end.
 */
function codeEnds(text: string): Map<number, { at: number; closed: boolean }> {
  const runs: { at: number; length: number }[] = []
  for (let at = text.indexOf('`'); at >= 0; ) {
    const length = runAt(text, at)
    runs.push({ at, length })
    at = text.indexOf('`', at + length)
  }
  const ends = new Map<number, { at: number; closed: boolean }>()
  const nextOfLength = new Map<number, number>()
  for (const { at, length } of runs.reverse()) {
    const closing = nextOfLength.get(length)
    if (closing !== undefined) ends.set(at, { at: closing + length, closed: true })
    else if (length >= 3 && (at === 0 || text[at - 1] === '\n')) ends.set(at, { at: text.length, closed: false })
    nextOfLength.set(length, at)
  }
  return ends
}

function runAt(text: string, at: number): number {
  let end = at
  while (text[end] === '`') end++
  return end - at
}

/** Whether only white space and signs of quotes and lists stand before it in its line. */
function beginsLine(text: string, at: number): boolean {
  const lineMax = 64
  const before = text.slice(Math.max(0, at - lineMax), at)
  const line = before.slice(before.lastIndexOf('\n') + 1)
  return line.length < lineMax && /^(?:[ \t]|>|[-+*] |\d{1,9}[.)] )*$/.test(line)
}
