import { describe, expect, it } from 'vitest'
import { rule } from '../../testing/rule'
import { type Format, format } from './formatting'

/** `[` and `]` stand for the ends of the selection, `|` for a caret. */
function read(marked: string) {
  const start = marked.search(/[[|]/)
  const end = marked.includes(']') ? marked.indexOf(']') - 1 : start
  return { text: marked.replace(/[[\]|]/g, ''), start, end }
}

function after(kind: Format, marked: string): string {
  const selected = read(marked)
  const edit = format(kind, selected)
  const text = selected.text.slice(0, edit.start) + edit.text + selected.text.slice(edit.end)
  const { selectStart: from, selectEnd: to } = edit
  return from === to ? `${text.slice(0, from)}|${text.slice(from)}` : `${text.slice(0, from)}[${text.slice(from, to)}]${text.slice(to)}`
}

describe(rule('W1', 'formatting a selection'), () => {
  it.each<[string, Format, string, string]>([
    ['wraps it', 'bold', 'a [b] c', 'a **[b]** c'],
    ['unwraps it', 'bold', 'a **[b]** c', 'a [b] c'],
    ['unwraps it with its markers selected', 'bold', 'a [**b**] c', 'a [b] c'],
    ['leaves white space outside', 'italic', 'a[ b ]c', 'a _[b]_ c'],
    ['without one puts the caret between', 'strike', 'a |', 'a ~~|~~'],
    ['takes empty markers back', 'strike', 'a ~~|~~', 'a |'],
    ['makes code', 'code', 'run [x]', 'run `[x]`'],
    ['takes code back', 'code', 'run `[x]`', 'run [x]'],
    ['makes code of text with a backtick', 'code', '[a`b]', '``[a`b]``'],
    ['makes a block of several lines', 'code', 'see [a\nb]', 'see \n```\n[a\nb]\n```'],
    ['makes a longer fence around a fence', 'code', '[```\na]', '````\n[```\na]\n````'],
    ['quotes whole lines', 'quote', 'a [b\nc] d', '> a [b\n> c] d'],
    ['takes the quote back', 'quote', '> a [b\n> c] d', 'a [b\nc] d'],
    ['begins a list at the caret', 'list', 'x\n|', 'x\n- |'],
    ['leaves the line after the selection alone', 'list', '[a\n]b', '- [a\n]b'],
  ])('%s', (_, kind, before, expected) => {
    expect(after(kind, before)).toBe(expected)
  })

  it.each<[string, string, string]>([
    ['asks for the address', 'see [here]', 'see [here]([https://])'],
    ['asks for the words', 'see |', 'see [|](https://)'],
  ])('as a link %s', (_, before, expected) => {
    expect(after('link', before)).toBe(expected)
  })

  it('as a link takes an address as one', () => {
    expect(format('link', { text: 'https://a.example', start: 0, end: 17 })).toEqual({
      start: 0,
      end: 17,
      text: '[](https://a.example)',
      selectStart: 1,
      selectEnd: 1,
    })
  })
})
