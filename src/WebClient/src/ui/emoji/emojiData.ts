import { foldName } from '../../model/mentionable'

export type Emoji = {
  emoji: string
  name: string
  group: number
  takesTone: boolean
  /** Short names, as in `:tada:`. */
  shortNames: readonly string[]
  /** Folded: what it is called, and what else one may think of. */
  called: readonly string[]
  keywords: readonly string[]
}

export type EmojiSet = {
  all: readonly Emoji[]
  byShortName: ReadonlyMap<string, Emoji>
  /** By `plainEmoji`. */
  byEmoji: ReadonlyMap<string, Emoji>
}

/** In the order of the data: smileys, people, animals, food, travel, activities, objects, symbols, flags. */
export const groupNames = ['smileys', 'people', 'animals', 'food', 'travel', 'activities', 'objects', 'symbols', 'flags'] as const

/** The languages of the client that the data has; for all others English. */
export const emojiLanguages: Record<string, () => Promise<{ words: readonly string[] }>> = {
  en: () => import('virtual:emoji/en'),
}

const loaded = new Map<string, Promise<EmojiSet>>()

/** Names and keywords in the reader's language; read once, when somebody first looks for an emoji. */
export function loadEmoji(language: string): Promise<EmojiSet> {
  const tag = Object.hasOwn(emojiLanguages, language) ? language : 'en'
  let set = loaded.get(tag)
  if (set === undefined) {
    set = read(tag)
    loaded.set(tag, set)
    // What could not be loaded may be there the next time.
    set.catch(() => loaded.delete(tag))
  }
  return set
}

async function read(tag: string): Promise<EmojiSet> {
  const [signs, words] = await Promise.all([import('virtual:emoji/signs'), emojiLanguages[tag]?.()])
  const all = signs.signs.map(([emoji, group, tones, short], index): Emoji => {
    const [name = '', ...keywords] = (words?.words[index] ?? '').split('|')
    const shortNames = short === '' ? [] : short.split(' ')
    return {
      emoji,
      name,
      group,
      takesTone: tones === 1,
      shortNames,
      called: [name, ...shortNames].map(foldName),
      keywords: keywords.map(foldName),
    }
  })
  return {
    all,
    byShortName: new Map(all.flatMap((emoji) => emoji.shortNames.map((short) => [short, emoji] as const))),
    byEmoji: new Map(all.map((emoji) => [plainEmoji(emoji.emoji), emoji])),
  }
}

/** Without skin tone and style: what two ways to write one emoji have in common. */
export function plainEmoji(emoji: string): string {
  return emoji.replaceAll(/\ufe0f|\p{Emoji_Modifier}/gu, '')
}
