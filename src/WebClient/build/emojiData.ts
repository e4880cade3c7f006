import type { Plugin } from 'vite'

type Source = {
  emoji: string
  hexcode: string
  label: string
  tags?: string[]
  order?: number
  group?: number
  version: number
  skins?: unknown[]
}

/** Newer ones are empty boxes on many machines still. */
const versionMax = 15.1
/** Skin tones and the like: parts of others. */
const componentGroup = 2

const prefix = 'virtual:emoji/'

/** Reads a file of the data set. */
type Read = (path: string) => Promise<string>

/**
 * Emoji for the picker, cut from emojibase-data to what it shows and searches: `virtual:emoji/signs` has the emoji
 * themselves, `virtual:emoji/<language>` their names and keywords, in the same order.
 */
export function emojiData(): Plugin {
  return {
    name: 'emoji-data',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined
      const part = id.slice(prefix.length + 1)
      const read: Read = async (path) => {
        const file = await this.resolve(`emojibase-data/${path}`)
        if (file === null) throw new Error(`There is no emojibase-data/${path}.`)
        return this.fs.readFile(file.id, { encoding: 'utf8' })
      }
      return part === 'signs'
        ? `export const signs = ${JSON.stringify(await readSigns(read))}`
        : `export const words = ${JSON.stringify(await readWords(read, part))}`
    },
  }
}

/** Emoji, group, whether it takes skin tones, short names with spaces between. */
async function readSigns(read: Read): Promise<[string, number, 0 | 1, string][]> {
  const names = JSON.parse(await read('en/shortcodes/github.json')) as Record<string, string | string[]>
  return (await readEmoji(read, 'en')).map(({ emoji, hexcode, group = 0, skins }) => [
    emoji,
    group > componentGroup ? group - 1 : group,
    skins === undefined ? 0 : 1,
    [names[hexcode] ?? []].flat().join(' '),
  ])
}

/** Name and keywords of each, with bars between. */
async function readWords(read: Read, language: string): Promise<string[]> {
  const words = new Map((await readEmoji(read, language)).map((emoji) => [emoji.hexcode, emoji]))
  return (await readEmoji(read, 'en')).map(({ hexcode }) => {
    const { label, tags = [] } = words.get(hexcode) ?? { label: '' }
    // What is in the name need not be said again.
    return [label, ...tags.filter((tag) => !label.includes(tag))].join('|')
  })
}

async function readEmoji(read: Read, language: string): Promise<Source[]> {
  const all = JSON.parse(await read(`${language}/data.json`)) as Source[]
  return all
    .filter(({ group, version }) => group !== undefined && group !== componentGroup && version <= versionMax)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
}
