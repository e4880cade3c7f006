import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../protocol/wire'
import { rule } from '../../testing/rule'
import { ann, bob, message } from '../../testing/samples'
import { english } from '../../i18n/words'
import { WordsContext } from '../shared/hooks'
import { LogRowView } from './messageRow'

function markup(text: string, by = bob, continues = false, more: Partial<Message> = {}): string {
  const row = { type: 'message', key: 'seq 1', message: message(1, by, { text, ...more }), continues } as const
  return renderToStaticMarkup(
    <WordsContext value={english}>
      <LogRowView row={row} me="ann" names={new Map([['ann', 'Ann'], ['bob', 'Bob']])} />
    </WordsContext>,
  )
}

describe('a message', () => {
  it('stands in a paragraph as it was written', () => {
    expect(markup('a <b>\n c')).toContain('<p dir="auto">a &lt;b&gt;\n c</p>')
  })

  it('has its numbers, bullets and bars where its lines begin', () => {
    expect(markup('1. one\n2. two')).toContain('<ol dir="auto" start="1"><li><p>one</p></li><li><p>two</p></li></ol>')
    expect(markup('> - one')).toContain('<blockquote dir="auto"><ul><li><p>one</p></li></ul></blockquote>')
  })

  it.each([
    [bob, false],
    [bob, true],
    [ann, false],
    [ann, true],
  ])('without a text is a row of its own with an empty paragraph, as high as a line', (by, continues) => {
    const row = markup('', by, continues)
    expect(row).toContain('data-seq="1"')
    // The style sheet gives this one the height of a line.
    expect(row).toContain('<p class="rich-text rich-text-empty" dir="auto"></p>')
  })

  it('that is long shows its beginning and the way to the rest', () => {
    expect(markup('a\n'.repeat(60))).toContain('aria-expanded="false"')
    expect(markup('x'.repeat(10_000))).toContain('long-text-cut')
    expect(markup('a\n'.repeat(30))).not.toContain('aria-expanded')
  })

  it(rule('M10', 'that was deleted shows nothing of what it was'), () => {
    const replyTo = { seq: 1, author: ann, text: 'secret quote', deleted: false }
    const reactions = [{ emoji: '👍', count: 1, users: ['ann'], mine: true }]
    const row = markup('', bob, false, { deletedAt: new Date(0).toISOString(), replyTo, reactions })
    expect(row).toContain('This message was deleted.')
    expect(row).not.toMatch(/secret|👍/u)
  })

  it('whose quoted message was deleted says so', () => {
    expect(markup('a', bob, false, { replyTo: { seq: 1, author: ann, text: '', deleted: true } })).toContain(
      'aria-label="In reply to a message of Ann that was deleted"',
    )
  })

  it(rule('W12', 'names who reacted, me first'), () => {
    const reactions = [{ emoji: '👍', count: 4, users: ['bob', 'ann', 'cara'], mine: true }]
    const row = markup('a', bob, false, { reactions })
    expect(row).toContain('aria-label="👍 4 reactions: you, Bob, and 2 others"')
    expect(row).toContain('aria-pressed="true"')
  })

  it('links safely', () => {
    expect(markup('see https://a.example and [b](javascript:alert(1))')).toContain(
      '<a href="https://a.example/" target="_blank" rel="noopener noreferrer" title="https://a.example/" tabindex="-1">https://a.example</a> and [b](javascript:alert(1))',
    )
  })

  it(rule('N4', 'names whom it did not tell without a mark'), () => {
    const row = markup('<@bob> <@cara> <!all>', ann, false, { mentions: { users: ['bob'], all: false, here: [] } })
    expect(row).toContain('<bdi class="mention">@Bob</bdi> <bdi>@cara</bdi> <bdi>@all</bdi>')
  })

  it(rule('N1', 'that is for me stands out, by name and with everybody'), () => {
    const mentions = { users: ['ann'], all: true, here: [] }
    expect(markup('<@ann> <!all>', bob, false, { mentions })).toContain('<bdi class="mention mention-mine">@Ann</bdi> <bdi class="mention mention-mine">@all</bdi>')
    expect(markup('<!all>', ann, false, { mentions })).not.toContain('mention-mine')
  })
})
