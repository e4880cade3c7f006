import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { ann, bob, message } from '../../testing/samples'
import { english } from '../../i18n/words'
import { WordsContext } from '../shared/hooks'
import { LogRowView } from './messageRow'

function markup(text: string, by = bob, continues = false): string {
  const row = { type: 'message', key: 'seq 1', message: message(1, by, { text }), continues } as const
  return renderToStaticMarkup(
    <WordsContext value={english}>
      <LogRowView row={row} me="ann" names={new Map()} />
    </WordsContext>,
  )
}

describe('a message', () => {
  it('stands in a paragraph as it was written', () => {
    expect(markup('a <b>\n c')).toContain('<p dir="auto">a &lt;b&gt;\n c</p>')
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
})
