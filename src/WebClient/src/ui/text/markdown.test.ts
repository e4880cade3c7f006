import { describe, expect, it } from 'vitest'
import { rule } from '../../testing/rule'
import { signsMax, isPlain, parseMarkdown } from './markdown'

const paragraph = (...children: unknown[]) => ({ type: 'paragraph', children })
const link = (text: string, href: string) => ({ type: 'link', href, children: [text] })

describe(rule('W11', 'markdown'), () => {
  it.each([
    ['plain words', 'just words\n\n\nand  more', [paragraph('just words\n\n\nand  more')]],
    ['bold', 'a **b** __c__', [paragraph('a ', { type: 'strong', children: ['b'] }, ' ', { type: 'strong', children: ['c'] })]],
    ['italic', '*a* _b_', [paragraph({ type: 'em', children: ['a'] }, ' ', { type: 'em', children: ['b'] })]],
    ['strike', '~~a~~', [paragraph({ type: 'del', children: ['a'] })]],
    ['names of files', 'my_file_name and 2*3*4 = 24', [paragraph('my_file_name and 2', { type: 'em', children: ['3'] }, '4 = 24')]],
    ['an escape', '\\*a\\*', [paragraph('*a*')]],
    ['inline code', 'run `rm -rf *` now', [paragraph('run ', { type: 'code', text: 'rm -rf *' }, ' now')]],
    ['code with a backtick', '`` a`b ``', [paragraph({ type: 'code', text: 'a`b' })]],
    ['a fence', '```ts\nlet a = 1\n```', [{ type: 'codeBlock', text: 'let a = 1', language: 'ts' }]],
    ['a fence without a language', '```\n  a\n\nb\n```', [{ type: 'codeBlock', text: '  a\n\nb', language: undefined }]],
    ['a fence in one line', '```ls -l```', [{ type: 'codeBlock', text: 'ls -l', language: undefined }]],
    ['a fence that is not closed', 'see\n```\n**a', [paragraph('see'), { type: 'codeBlock', text: '**a', language: undefined }]],
    ['text around a fence', 'a\n```\nb\n```\nc', [paragraph('a'), { type: 'codeBlock', text: 'b', language: undefined }, paragraph('c')]],
    [
      'a fence in a quote',
      '> ```sh\n> ls\n>  -l\n> ```\nrest',
      [{ type: 'quote', children: [{ type: 'codeBlock', text: 'ls\n -l', language: 'sh' }, paragraph('rest')] }],
    ],
    ['a quote', '> a\n> **b**\n\nc', [{ type: 'quote', children: [paragraph('a\n', { type: 'strong', children: ['b'] })] }, paragraph('c')]],
    ['a list', '- a\n- b', [{ type: 'list', start: undefined, items: [[paragraph('a')], [paragraph('b')]] }]],
    ['a numbered list', '3. a\n4. b', [{ type: 'list', start: 3, items: [[paragraph('a')], [paragraph('b')]] }]],
    ['a list of tasks', '- [ ] a\n- [x] b', [{ type: 'list', start: undefined, items: [[paragraph('[ ] a')], [paragraph('[x] b')]] }]],
    [
      'a list in a list',
      '- a\n  - b',
      [{ type: 'list', start: undefined, items: [[paragraph('a'), { type: 'list', start: undefined, items: [[paragraph('b')]] }]] }],
    ],
    ['a mention', '**<@a_b_c>** <!here>', [paragraph({ type: 'strong', children: [{ type: 'person', userId: 'a_b_c' }] }, ' ', { type: 'wide', to: 'here' })]],
    ['a mention in code', '`<@ann>`', [paragraph({ type: 'code', text: '<@ann>' })]],
    ['an address', 'see https://a.example/b_c_d(e), or www.b.example.', [paragraph('see ', link('https://a.example/b_c_d(e)', 'https://a.example/b_c_d(e)'), ', or ', link('www.b.example', 'https://www.b.example/'), '.')]],
    ['an address of mail', 'ann@a.example!', [paragraph(link('ann@a.example', 'mailto:ann@a.example'), '!')]],
    ['a link', '[**a**](https://b.example)', [paragraph({ type: 'link', href: 'https://b.example/', children: [{ type: 'strong', children: ['a'] }] })]],
    ['an address in a link', '[https://a.example](https://b.example)', [paragraph({ type: 'link', href: 'https://b.example/', children: ['https://a.example'] })]],
    ['an emphasised address', '**https://a.example**', [paragraph({ type: 'strong', children: [link('https://a.example', 'https://a.example/')] })]],
  ])('%s', (_, text, blocks) => {
    expect(parseMarkdown(text)).toEqual(blocks)
  })

  it.each([
    ['HTML', '<b>bold</b> <img src=x onerror=alert(1)> &lt;'],
    ['HTML over lines', '<div>\n<script>alert(1)</script>\n</div>'],
    ['a comment', 'a <!-- b --> c'],
    ['headings and lines', '# apt-get update\n=====\n\n---\n***** x *****'],
    ['tables', '| a | b |\n| - | - |\n| c | d |'],
    ['indented text', '    a\n\tb'],
    ['references', '[a]: https//x\n[a] [b][a]'],
    ['a script as link', '[a](javascript:alert(1)) [b](data:text/html,x) [c](/relative) [d](JaVaScRiPt:x) [e](vbscript:x)'],
    ['an odd scheme', 'javascript://a.example/%0aalert(1) file:///etc/passwd ftp://a.example'],
  ])('leaves %s as it was written', (_, text) => {
    expect(parseMarkdown(text)).toEqual([paragraph(text)])
  })

  it('shows no image, only where it is', () => {
    expect(parseMarkdown('![a](https://b.example/c.png)')).toEqual([
      paragraph('![a](', link('https://b.example/c.png', 'https://b.example/c.png'), ')'),
    ])
  })

  it.each(['Hello, world!', 'It is 10:30; 5 - 3 = 2.', 'a\nb', '…und? (ja)'])('sees at once that there is none: %s', (text) => {
    expect(isPlain(text)).toBe(true)
    expect(parseMarkdown(text)).toEqual([paragraph(text)])
  })

  it('keeps code, mentions and links of a text with too much emphasis', () => {
    const noise = '*a '.repeat(signsMax + 1)
    expect(parseMarkdown(`${noise}\`b\` <@ann>`)).toEqual([paragraph(noise, { type: 'code', text: 'b' }, ' ', { type: 'person', userId: 'ann' })])
  })
})

describe('too much markdown', () => {
  it('is shown as it was written', () => {
    const lines = '- a\n'.repeat(600)
    expect(parseMarkdown(lines)).toEqual([paragraph(lines.trimEnd())])
    const code = '`a` '.repeat(1_100)
    expect(parseMarkdown(code)).toEqual([paragraph(code)])
  })

  it('has not more than so many blocks of code', () => {
    const blocks = parseMarkdown('```\na\n```\n'.repeat(100))
    expect(blocks.filter(({ type }) => type === 'codeBlock')).toHaveLength(60)
  })
})

describe('hostile markdown', () => {
  const patterns: Record<string, (signs: number) => string> = {
    'stars': (n) => '*'.repeat(n),
    'openings of emphasis': (n) => '*a '.repeat(n / 3),
    'stars in words': (n) => 'a*'.repeat(n / 2),
    'emphasis of all kinds': (n) => '**_a '.repeat(n / 5),
    'stars around a word': (n) => `${'*'.repeat(n / 2)}a${'*'.repeat(n / 2)}`,
    'underscores': (n) => '_a '.repeat(n / 3),
    'tildes': (n) => '~~a '.repeat(n / 4),
    'opening brackets': (n) => '['.repeat(n),
    'nested brackets': (n) => '['.repeat(n / 2) + ']'.repeat(n / 2),
    'openings of links': (n) => '[a]('.repeat(n / 4),
    'openings of images': (n) => '!['.repeat(n / 2),
    'parentheses after a link': (n) => `[a](${'('.repeat(n)}`,
    'quotes': (n) => '>'.repeat(n),
    'quotes with spaces': (n) => '> '.repeat(n / 2),
    'lines of quotes': (n) => '> *a\nb\n'.repeat(n / 7),
    'lists in lists': (n) => '- '.repeat(n / 2),
    'numbers in numbers': (n) => '1. '.repeat(n / 3),
    'lines of lists': (n) => '- a\n'.repeat(n / 4),
    'ever more indented lists': (n) => Array.from({ length: Math.floor(Math.sqrt(n)) }, (_, i) => `${' '.repeat(i * 2)}- a`).join('\n'),
    'backticks': (n) => '`'.repeat(n),
    'backticks of all lengths': (n) => Array.from({ length: Math.floor(Math.sqrt(n * 2)) }, (_, i) => '`'.repeat(i)).join(' '),
    'fences': (n) => '```\n'.repeat(n / 4),
    'openings of mentions': (n) => '<@'.repeat(n / 2),
    'angle brackets': (n) => '<'.repeat(n),
    'backslashes': (n) => '\\'.repeat(n),
    'dots after an address': (n) => `http://a.b/${'.'.repeat(n)}`,
    'brackets after an address': (n) => `http://a.b/${')'.repeat(n)}`,
    'entities after an address': (n) => `http://a.b/${'&a;'.repeat(n / 3)}`,
    'addresses': (n) => 'www.'.repeat(n / 4),
    'half an address of mail': (n) => `${'a.'.repeat(n / 2)}@`,
    'addresses of mail': (n) => 'a@b.'.repeat(n / 4),
    'dots and dashes of mail': (n) => `a@${'b-.'.repeat(n / 3)}`,
    'letters': (n) => 'a'.repeat(n),
    'spaces': (n) => `a${' '.repeat(n)}\n`,
    'spaces in a line': (n) => ' '.repeat(n),
    'line breaks': (n) => 'a\n\n'.repeat(n / 3),
    'marks': (n) => `a${'\u0301'.repeat(n)}`,
    'noncharacters': (n) => '\ufdd00\ufdd0'.repeat(n / 3),
  }

  it.each(Object.entries(patterns))('takes time by its length: %s', (_, pattern) => {
    const [short, long] = [pattern(5_000), pattern(40_000)]
    parseMarkdown(short)
    const costOf = (text: string) =>
      Math.min(
        ...[1, 2, 3, 4, 5].map(() => {
          const began = performance.now()
          parseMarkdown(text)
          return performance.now() - began
        }),
      )
    // Eight times the text: 64 times the time, if it were quadratic; that is seconds. A fixed part keeps noise out.
    expect(costOf(long)).toBeLessThan(60 + 16 * costOf(short))
  })
})
