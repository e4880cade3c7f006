/** Where a link may lead. Everything else, such as `javascript:`, stays text. */
const schemes: readonly string[] = ['http:', 'https:', 'mailto:']

/** The address to link to, or undefined when it must not be a link. */
export function safeHref(href: string): string | undefined {
  if (!/^[a-z]+:/i.test(href)) return undefined
  try {
    const { protocol, href: address } = new URL(href)
    return schemes.includes(protocol) ? address : undefined
  } catch {
    return undefined
  }
}

/** Addresses are found from their beginnings, each sign is looked at once: linear, whatever the text. */
const address = /(?:https?:\/\/|www\.)[^\s<>[\]`"]+|(?<![\w.+-])[\w.+-]{1,64}@[a-z\d](?:[a-z\d-]{0,62}\.){1,8}[a-z]{2,24}(?![\w@-])/gi

/** A text cut at the addresses that were written into it. */
export function findLinks(text: string): { text: string; href?: string }[] {
  if (!mayHoldLink.test(text)) return [{ text }]
  const pieces: { text: string; href?: string }[] = []
  let from = 0
  for (const match of text.matchAll(address)) {
    const written = match[0].includes('@') && !/^(?:https?:|www\.)/i.test(match[0]) ? match[0] : withoutTail(match[0])
    const href = safeHref(hrefOf(written))
    if (href === undefined || isInWord(text, match.index)) continue
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) })
    pieces.push({ text: written, href })
    from = match.index + written.length
  }
  if (from < text.length) pieces.push({ text: text.slice(from) })
  return pieces
}

const mayHoldLink = /:\/\/|www\.|@/i

function hrefOf(written: string): string {
  if (/^https?:/i.test(written)) return written
  return /^www\./i.test(written) ? `https://${written}` : `mailto:${written}`
}

function isInWord(text: string, at: number): boolean {
  return at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1] ?? '')
}

/** What ends a sentence or closes a bracket around an address does not belong to it. */
function withoutTail(written: string): string {
  let open = 0
  for (const sign of written) open += sign === '(' ? 1 : sign === ')' ? -1 : 0
  let end = written.length
  for (; end > 0; end--) {
    const last = written[end - 1] ?? ''
    if (last === ')') {
      if (open >= 0) break
      open++
    } else if (!'.,;:!?\'*_~'.includes(last)) break
  }
  return written.slice(0, end)
}
