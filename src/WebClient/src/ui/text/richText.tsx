import type { ReactNode } from 'react'
import type { Mentions } from '../../protocol/wire'
import { CodeBlock } from './codeBlock'
import { type Block, type Inline, isPlain, parseMarkdown } from './markdown'

type Props = {
  text: string
  names: ReadonlyMap<string, string>
  /** Whose mentions stand out. Undefined for the author's own text: nobody mentions themselves. */
  me: string | undefined
  /** Whom the server says it mentions; whoever else is named was not told. `any`: it is not posted yet. */
  mentions: Mentions | undefined | 'any'
  /** The message or other object that the text belongs to: it is parsed once for it, and forgotten with it (M10). */
  of?: object
  /** Of links and buttons in it: -1 where they are reached in another way than with Tab. */
  tabIndex?: number
}

/** What a person wrote: markdown, with the names of those it mentions. */
export function RichText({ text, names, me, mentions, of, tabIndex }: Props) {
  if (isPlain(text)) {
    return (
      <p className={className(text)} dir="auto">
        {text}
      </p>
    )
  }
  const view = { names, me, mentions, tabIndex }
  return <div className={className(text)}>{blocksOf(text, of).map((block, index) => renderBlock(block, index, view, 'auto'))}</div>
}

function className(text: string): string {
  if (text === '') return 'rich-text rich-text-empty'
  // No language puts so many marks on one letter: they would stand far out of their line.
  return /\p{M}{5}/u.test(text) ? 'rich-text rich-text-marks' : 'rich-text'
}

const parsed = new WeakMap<object, { text: string; blocks: Block[] }>()

function blocksOf(text: string, of: object | undefined): Block[] {
  if (of === undefined) return parseMarkdown(text)
  const known = parsed.get(of)
  if (known?.text === text) return known.blocks
  const blocks = parseMarkdown(text)
  parsed.set(of, { text, blocks })
  return blocks
}

type View = Pick<Props, 'names' | 'me' | 'mentions'> & { tabIndex: number | undefined }

/** `dir`: undefined inside of what has a direction: numbers, bullets and bars stand where its lines begin. */
function renderBlock(block: Block, key: number, view: View, dir: 'auto' | undefined): ReactNode {
  const inner = (blocks: readonly Block[]) => blocks.map((child, index) => renderBlock(child, index, view, undefined))
  switch (block.type) {
    case 'paragraph':
      return (
        <p key={key} dir={dir}>
          {renderInlines(block.children, view)}
        </p>
      )
    case 'quote':
      return (
        <blockquote key={key} dir={dir}>
          {inner(block.children)}
        </blockquote>
      )
    case 'codeBlock':
      return <CodeBlock key={key} text={block.text} language={block.language} tabIndex={view.tabIndex} />
    case 'list': {
      const items = block.items.map((item, index) => <li key={index}>{inner(item)}</li>)
      return block.start === undefined ? (
        <ul key={key} dir={dir}>
          {items}
        </ul>
      ) : (
        <ol key={key} dir={dir} start={block.start}>
          {items}
        </ol>
      )
    }
  }
}

function renderInlines(children: readonly Inline[], view: View): ReactNode[] {
  return children.map((child, index) => renderInline(child, index, view))
}

function renderInline(inline: Inline, key: number, view: View): ReactNode {
  if (typeof inline === 'string') return inline
  switch (inline.type) {
    case 'strong':
      return <strong key={key}>{renderInlines(inline.children, view)}</strong>
    case 'em':
      return <em key={key}>{renderInlines(inline.children, view)}</em>
    case 'del':
      return <del key={key}>{renderInlines(inline.children, view)}</del>
    case 'code':
      return (
        <code key={key} dir="ltr">
          {inline.text}
        </code>
      )
    case 'link':
      return (
        <a key={key} href={inline.href} target="_blank" rel="noopener noreferrer" title={inline.href} tabIndex={view.tabIndex}>
          {renderInlines(inline.children, view)}
        </a>
      )
    case 'person': {
      const name = `@${view.names.get(inline.userId) ?? inline.userId}`
      return renderMention(name, key, meansPerson(inline.userId, view), inline.userId === view.me)
    }
    case 'wide':
      return renderMention(`@${inline.to}`, key, meansMany(inline.to, view), meansMe(inline.to, view))
  }
}

function renderMention(name: string, key: number, means: boolean, mine: boolean): ReactNode {
  if (!means) return <bdi key={key}>{name}</bdi>
  return (
    <bdi key={key} className={mine ? 'mention mention-mine' : 'mention'}>
      {name}
    </bdi>
  )
}

function meansPerson(userId: string, { mentions }: View): boolean {
  return mentions === 'any' || mentions?.users.includes(userId) === true
}

function meansMany(to: 'all' | 'here', { mentions }: View): boolean {
  if (mentions === 'any') return true
  return to === 'all' ? mentions?.all === true : (mentions?.here.length ?? 0) > 0
}

function meansMe(to: 'all' | 'here', { mentions, me }: View): boolean {
  if (me === undefined || mentions === undefined || mentions === 'any') return false
  return to === 'all' ? mentions.all : mentions.here.includes(me)
}
