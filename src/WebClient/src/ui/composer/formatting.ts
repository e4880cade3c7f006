/** What the toolbar and its keys do to a text. */
export type Format = 'bold' | 'italic' | 'strike' | 'code' | 'quote' | 'list' | 'link'

/** A text and what is selected in it. */
export type Selected = { text: string; start: number; end: number }

/** One stretch to be replaced, and the selection afterwards. */
export type TextEdit = { start: number; end: number; text: string; selectStart: number; selectEnd: number }

const markers = { bold: '**', italic: '_', strike: '~~' } as const

/** Applies a format to the selection, or takes it back where it is there already. */
export function format(kind: Format, selected: Selected): TextEdit {
  switch (kind) {
    case 'bold':
    case 'italic':
    case 'strike':
      return wrap(selected, markers[kind])
    case 'code':
      return formatCode(selected)
    case 'quote':
      return prefixLines(selected, '> ')
    case 'list':
      return prefixLines(selected, '- ')
    case 'link':
      return formatLink(selected)
  }
}

function wrap({ text, start, end }: Selected, marker: string): TextEdit {
  const { from, to } = trim(text, start, end)
  const inner = text.slice(from, to)
  const length = marker.length
  if (text.slice(from - length, from) === marker && text.slice(to, to + length) === marker) {
    return { start: from - length, end: to + length, text: inner, selectStart: from - length, selectEnd: to - length }
  }
  if (inner.length >= 2 * length && inner.startsWith(marker) && inner.endsWith(marker)) {
    const bare = inner.slice(length, -length)
    return { start: from, end: to, text: bare, selectStart: from, selectEnd: from + bare.length }
  }
  return { start: from, end: to, text: marker + inner + marker, selectStart: from + length, selectEnd: to + length }
}

/** Several lines become a block, which needs lines of its own; the fence is longer than any run of backticks inside. */
function formatCode(selected: Selected): TextEdit {
  const { text, start, end } = selected
  const inner = text.slice(start, end)
  const longest = Math.max(0, ...[...inner.matchAll(/`+/g)].map(([run]) => run.length))
  if (!inner.includes('\n')) return wrap(selected, longest > 0 && !isWrapped(selected) ? '`'.repeat(longest + 1) : '`')
  const fence = '`'.repeat(Math.max(3, longest + 1))
  const before = start === 0 || text[start - 1] === '\n' ? '' : '\n'
  const after = end === text.length || text[end] === '\n' ? '' : '\n'
  const head = `${before}${fence}\n`
  const body = inner.endsWith('\n') ? inner : `${inner}\n`
  return {
    start,
    end,
    text: `${head}${body}${fence}${after}`,
    selectStart: start + head.length,
    selectEnd: start + head.length + inner.length,
  }
}

function isWrapped({ text, start, end }: Selected): boolean {
  const inner = text.slice(start, end)
  return (text[start - 1] === '`' && text[end] === '`') || (inner.startsWith('`') && inner.endsWith('`'))
}

/** Every line of the selection begins with it, or none any more. */
function prefixLines({ text, start, end }: Selected, prefix: string): TextEdit {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const nextBreak = text.indexOf('\n', Math.max(from, end > start && text[end - 1] === '\n' ? end - 1 : end))
  const to = nextBreak < 0 ? text.length : nextBreak
  const lines = text.slice(from, to).split('\n')
  const has = lines.every((line) => line.startsWith(prefix))
  const changed = lines.map((line) => (has ? line.slice(prefix.length) : prefix + line)).join('\n')
  const byFirst = has ? -prefix.length : prefix.length
  const selectEnd = end + changed.length - (to - from)
  return {
    start: from,
    end: to,
    text: changed,
    selectStart: start === end ? Math.max(from, selectEnd) : Math.max(from, start + byFirst),
    selectEnd: Math.max(from, selectEnd),
  }
}

const addressPlaceholder = 'https://'

function formatLink({ text, start, end }: Selected): TextEdit {
  const { from, to } = trim(text, start, end)
  const inner = text.slice(from, to)
  if (/^https?:\/\/\S+$/i.test(inner)) {
    return { start: from, end: to, text: `[](${inner})`, selectStart: from + 1, selectEnd: from + 1 }
  }
  const address = from + inner.length + 3
  return {
    start: from,
    end: to,
    text: `[${inner}](${addressPlaceholder})`,
    // Without words to link, those come first.
    selectStart: inner === '' ? from + 1 : address,
    selectEnd: inner === '' ? from + 1 : address + addressPlaceholder.length,
  }
}

/** White space at the ends stays outside: markers next to it mean nothing in Markdown. */
function trim(text: string, start: number, end: number): { from: number; to: number } {
  const inner = text.slice(start, end)
  if (inner.trim() === '') return { from: start, to: end }
  return { from: start + inner.length - inner.trimStart().length, to: end - (inner.length - inner.trimEnd().length) }
}
