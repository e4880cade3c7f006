const token = /<@([^<>`]+)>|<!(all|here)>/g

/** A text in one line of plain words: `<@id>` becomes @name; what would end or hide an id stands in it encoded. */
export function mentionText(text: string, names: ReadonlyMap<string, string>): string {
  if (!text.includes('<')) return text
  return text.replaceAll(token, (_, encoded: string | undefined, wide: string | undefined) => {
    if (encoded === undefined) return `@${wide ?? ''}`
    const id = decodeMentionId(encoded)
    return `@${names.get(id) ?? id}`
  })
}

/** The id in a mention's token, as docs/protocol.md writes it. */
export function decodeMentionId(encoded: string): string {
  return encoded.replaceAll('%60', '`').replaceAll('%3E', '>').replaceAll('%3C', '<').replaceAll('%25', '%')
}

export function mentionToken(userId: string): string {
  const id = userId.replaceAll('%', '%25').replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('`', '%60')
  return `<@${id}>`
}
