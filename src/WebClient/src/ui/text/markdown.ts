import { Lexer, type Token, Tokenizer, type Tokens } from 'marked'
import { findLinks, safeHref } from './links'
import { type TextPart, textParts } from './textParts'

/** What a text says, as it is shown; nothing of it is ever HTML. */
export type Block =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'quote'; children: Block[] }
  | { type: 'list'; start: number | undefined; items: Block[][] }
  | { type: 'codeBlock'; text: string; language: string | undefined }

export type Inline =
  | string
  | { type: 'strong' | 'em' | 'del'; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'link'; href: string; children: Inline[] }
  | { type: 'person'; userId: string }
  | { type: 'wide'; to: 'all' | 'here' }

/** Signs that may mean something, lines, and signs before a line. Beyond these only code, mentions and links are shown. */
export const signsMax = 400
const linesMax = 500
const nestingMax = 12

/** Nobody writes so many pieces of code, mentions and links: of such a text not even these are shown. */
const masksMax = 1_000

/** Further blocks of code stand in the line. */
const codeBlocksMax = 60

const markup = /[*_~`<[\\>@]|:\/\/|www\.|^[ \t]*(?:[-+]|\d{1,9}[.)])[ \t]/im

/** What may still mean something once code, mentions and addresses are masked: two signs of one kind, a link, a quote, a list. */
const leftToParse = /\\|\]\(|([*_~])[^]*\1|^[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$))/m

/** Most messages: a look is enough to see that there is nothing to parse. */
export function isPlain(text: string): boolean {
  return !markup.test(text)
}

/**
 * Markdown as people write it in a chat: emphasis, quotes, lists, links, code. Headings, tables, HTML and images are no
 * part of it: what is written stays. Line breaks are kept.
 */
export function parseMarkdown(text: string): Block[] {
  const masked = new MaskedText(text)
  if (masked.count > masksMax) return [{ type: 'paragraph', children: [text] }]
  if (!leftToParse.test(masked.source) || !isWithinBounds(masked.source)) return toParagraphs(masked.unmask(masked.source))
  return toBlocks(new Lexer({ gfm: true, tokenizer: new ChatTokenizer() }).lex(masked.source), masked)
}

/** Something of everything: the parser's many patterns are made ready by being used once. */
const ofEverything = '> *a* **b** _c_ ~~d~~ `e` [f](https://g.example) https://h.example <@i>\n\n- j\n1. k\n\n\\l\n```\nm\n```'

/** When there is nothing else to do: who then opens a conversation with markdown in it does not wait for that. */
export function warmUpMarkdown(): void {
  parseMarkdown(ofEverything)
}

function isWithinBounds(source: string): boolean {
  return count(source, /[*_~]+|[\\[]/g) <= signsMax && count(source, /\n/g) <= linesMax && !deepNesting.test(source)
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

/** So many signs of quotes and lists in one line, or so far indented: nobody reads that as a tree. */
const deepNesting = new RegExp(
  `^(?:[ \\t]*(?:>|[-+*][ \\t]|\\d{1,9}[.)][ \\t])){${nestingMax}}|^(?:\\t|  ){${nestingMax}}[ \\t]*(?:[-+*]|\\d{1,9}[.)])[ \\t]`,
  'm',
)

/** Code blocks are found among the inlines, where their masks stand, and taken out of them. */
type Piece = Inline | Extract<Block, { type: 'codeBlock' }>

/** On both sides of a mask's number: a noncharacter, which means nothing in any text and no parser takes for its own. */
const maskSign = '\ufdd0'

/** The text with everything masked that is decided already: code and mentions by the server's rule, addresses. */
class MaskedText {
  readonly source: string
  readonly #masks: { raw: string; piece: Piece }[] = []
  #codeBlocks = 0

  constructor(text: string) {
    const parts = textParts(text.replaceAll(maskSign, '\ufffd'))
    this.source = parts.map((part, index) => this.#maskPart(part, parts[index - 1], parts[index + 1])).join('')
  }

  get count(): number {
    return this.#masks.length
  }

  /** What the masks in a piece of the source stand for. */
  unmask(source: string): Piece[] {
    if (!source.includes(maskSign)) return source === '' ? [] : [source]
    return source
      .split(maskSign)
      .map((piece, index): Piece => (index % 2 === 0 ? piece : (this.#masks[Number(piece)]?.piece ?? '')))
      .filter((piece) => piece !== '')
  }

  /** As it was written. */
  write(source: string): string {
    if (!source.includes(maskSign)) return source
    const pieces = source.split(maskSign).map((piece, index) => (index % 2 === 0 ? piece : (this.#masks[Number(piece)]?.raw ?? '')))
    return pieces.join('')
  }

  #maskPart(part: TextPart, before: TextPart | undefined, after: TextPart | undefined): string {
    switch (part.type) {
      case 'text':
        return findLinks(part.text)
          .map(({ text, href }) => (href === undefined ? this.#maskRuns(text) : this.#mask(text, { type: 'link', href, children: [text] })))
          .join('')
      case 'person':
        return this.#mask(part.raw, { type: 'person', userId: part.userId })
      case 'wide':
        return this.#mask(part.raw, { type: 'wide', to: part.to })
      case 'code':
        return this.#maskCode(part, lineBefore(before), after)
    }
  }

  #maskCode(part: Extract<TextPart, { type: 'code' }>, before: string, after: TextPart | undefined): string {
    const inside = part.raw.slice(part.ticks, part.closed ? -part.ticks : undefined)
    const alone = part.beginsLine && (after === undefined || (after.type === 'text' && /^[ \t]*(?:\n|$)/.test(after.text)))
    const isBlock = part.ticks >= 3 && (inside.includes('\n') || alone) && ++this.#codeBlocks <= codeBlocksMax
    if (!isBlock) return this.#mask(part.raw, { type: 'code', text: trimCode(inside) })
    const marks = part.beginsLine ? before : ''
    const mask = this.#mask(part.raw, codeBlock(inside, marks))
    // In a quote or a list it stays there; else it stands by itself.
    return marks.trim() === '' ? `\n\n${mask}\n\n` : mask
  }

  /** Longer runs are drawn lines, not emphasis. */
  #maskRuns(text: string): string {
    return text.replace(/\*{4,}|_{4,}|~{3,}/g, (run) => this.#mask(run, run))
  }

  #mask(raw: string, piece: Piece): string {
    this.#masks.push({ raw, piece })
    return maskSign + String(this.#masks.length - 1) + maskSign
  }
}

function lineBefore(part: TextPart | undefined): string {
  return part?.type === 'text' ? part.text.slice(part.text.lastIndexOf('\n') + 1) : ''
}

/** As in CommonMark: a space on both sides is there to keep backticks apart. */
function trimCode(inside: string): string {
  return inside.length > 2 && inside.startsWith(' ') && inside.endsWith(' ') && inside.trim() !== '' ? inside.slice(1, -1) : inside
}

/** Its first line may name the language; the signs of the quote around it are not part of it. */
function codeBlock(inside: string, marks: string): Extract<Block, { type: 'codeBlock' }> {
  const [first = '', ...rest] = inside.split('\n')
  const language = /^[ \t]*([\w+#.-]{0,30})[ \t]*$/.exec(first)?.[1]
  const lines = language === undefined || rest.length === 0 ? [first, ...rest] : rest
  const quotes = marks.split('>').length - 1
  const own = quotes > 0 ? new RegExp(`^(?:[ \\t]{0,3}>[ \\t]?){1,${quotes}}`) : new RegExp(`^[ \\t]{1,${Math.max(marks.length, 1)}}`)
  const text = (marks === '' ? lines : lines.map((line) => line.replace(own, ''))).join('\n')
  return { type: 'codeBlock', text: text.replace(/\n[ \t]*$/, ''), language: language === '' || rest.length === 0 ? undefined : language }
}

/** Of marked's rules those that belong to a chat. */
class ChatTokenizer extends Tokenizer {
  override br = none
  override code = none
  override fences = none
  override heading = none
  override hr = none
  override html = none
  override def = none
  override table = none
  override lheading = none
  override reflink = none
  override tag = none
  override codespan = none
  override autolink = none
  override url = none

  /** Up to the next sign that may mean something. marked's own rule looks for addresses, again and again. */
  override inlineText(src: string): Tokens.Text | undefined {
    const raw = /^(?:[^\\![*~_]+|[\s\S])/.exec(src)?.[0]
    return raw === undefined ? undefined : { type: 'text', raw, text: raw }
  }
}

function none(): undefined {
  return undefined
}

function toBlocks(tokens: readonly Token[], masked: MaskedText): Block[] {
  const blocks: Block[] = []
  let run: Piece[] = []
  const flush = () => {
    blocks.push(...toParagraphs(run))
    run = []
  }
  for (const generic of tokens) {
    const token = generic as Tokens.Blockquote | Tokens.List | Tokens.Paragraph | Tokens.Text | Tokens.Space
    switch (token.type) {
      case 'blockquote':
        flush()
        blocks.push({ type: 'quote', children: toBlocks(token.tokens, masked) })
        break
      case 'list':
        flush()
        blocks.push(toList(token, masked))
        break
      case 'paragraph':
      case 'text':
        run.push(...(token.tokens === undefined ? masked.unmask(token.text) : toPieces(token.tokens, masked)))
        run.push(/\n*$/.exec(token.raw)?.[0] ?? '')
        break
      default:
        run.push(...masked.unmask(token.raw))
    }
  }
  flush()
  return blocks
}

function toList(list: Tokens.List, masked: MaskedText): Block {
  const items = list.items.map(({ tokens, task, checked }) => {
    const blocks = toBlocks(tokens.filter((token) => token.type !== 'checkbox'), masked)
    return task ? withTask(blocks, checked === true) : blocks
  })
  return { type: 'list', start: list.ordered ? Number(list.start) : undefined, items }
}

function withTask([first, ...rest]: Block[], checked: boolean): Block[] {
  const box = checked ? '[x] ' : '[ ] '
  return first?.type === 'paragraph'
    ? [{ ...first, children: joinTexts([box, ...first.children]) }, ...rest]
    : [{ type: 'paragraph', children: [box] }, ...(first === undefined ? [] : [first]), ...rest]
}

/** Text between other blocks: a paragraph, and the code blocks whose masks stood in it. */
function toParagraphs(pieces: readonly Piece[]): Block[] {
  const blocks: Block[] = []
  let children: Inline[] = []
  const flush = () => {
    const trimmed = trimBreaks(children)
    if (trimmed.length > 0) blocks.push({ type: 'paragraph', children: trimmed })
    children = []
  }
  for (const piece of pieces) {
    if (typeof piece === 'object' && piece.type === 'codeBlock') {
      flush()
      blocks.push(piece)
    } else children.push(piece)
  }
  flush()
  return blocks
}

/** Line breaks at the edges are the distance to the next block, which the style gives. */
function trimBreaks(children: readonly Inline[]): Inline[] {
  const joined = joinTexts(children)
  const [first] = joined
  if (typeof first === 'string') joined[0] = first.replace(/^(?:[ \t]*\n)+/, '')
  const last = joined.at(-1)
  if (typeof last === 'string') joined[joined.length - 1] = last.trimEnd()
  return joined.filter((child) => child !== '')
}

/** Adjacent texts become one. */
function joinTexts(children: readonly Inline[]): Inline[] {
  const joined: Inline[] = []
  for (const child of children) {
    const last = joined.at(-1)
    if (typeof child === 'string' && typeof last === 'string') joined[joined.length - 1] = last + child
    else joined.push(child)
  }
  return joined
}

function toPieces(tokens: readonly Token[], masked: MaskedText): Piece[] {
  return tokens.flatMap((generic): Piece[] => {
    const token = generic as Tokens.Text | Tokens.Escape | Tokens.Strong | Tokens.Em | Tokens.Del | Tokens.Link
    switch (token.type) {
      case 'strong':
      case 'em':
      case 'del':
        return [{ type: token.type, children: toInlines(token.tokens, masked) }]
      case 'link': {
        const href = safeHref(masked.write(token.href))
        return href === undefined ? masked.unmask(token.raw) : [{ type: 'link', href, children: withoutLinks(toInlines(token.tokens, masked)) }]
      }
      case 'text':
      case 'escape':
        return masked.unmask(token.text)
      default:
        return masked.unmask((token as Token).raw)
    }
  })
}

function toInlines(tokens: readonly Token[], masked: MaskedText): Inline[] {
  const pieces = toPieces(tokens, masked)
  return joinTexts(pieces.map((piece) => (typeof piece === 'object' && piece.type === 'codeBlock' ? { type: 'code', text: piece.text } : piece)))
}

/** An address in the words of a link is only words. */
function withoutLinks(children: readonly Inline[]): Inline[] {
  return children.flatMap((child): Inline[] => {
    if (typeof child === 'string' || !('children' in child)) return [child]
    const inner = withoutLinks(child.children)
    return child.type === 'link' ? inner : [{ ...child, children: inner }]
  })
}
