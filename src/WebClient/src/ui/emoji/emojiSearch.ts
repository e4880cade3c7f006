import { foldName } from '../../model/mentionable'
import type { Emoji, EmojiSet } from './emojiData'

/** Best first: what is called so or begins so, then what one thinks of with it, then what has it inside. */
export function searchEmoji({ all }: EmojiSet, text: string, limit: number): Emoji[] {
  const wanted = foldName(text.trim())
  if (wanted === '') return []
  const ranks: Emoji[][] = Array.from({ length: 7 }, () => [])
  for (const emoji of all) {
    const rank = Math.min(rankOf(emoji.called, wanted, [0, 1, 3, 5]), rankOf(emoji.keywords, wanted, [2, 4, 4, 6]))
    ranks[rank]?.push(emoji)
  }
  return ranks.flat().slice(0, limit)
}

type Ranks = [exact: number, prefix: number, wordPrefix: number, inner: number]

function rankOf(words: readonly string[], wanted: string, [exact, prefix, wordPrefix, inner]: Ranks): number {
  let best = Infinity
  for (const word of words) {
    const at = word.indexOf(wanted)
    if (at < 0) continue
    const rank = word.length === wanted.length ? exact : at === 0 ? prefix : /[\s_-]/.test(word[at - 1] ?? '') ? wordPrefix : inner
    best = Math.min(best, rank)
  }
  return best
}

/** 0 is the yellow of no tone. */
export type SkinTone = 0 | 1 | 2 | 3 | 4 | 5
export const skinTones: readonly SkinTone[] = [0, 1, 2, 3, 4, 5]

/** The emoji in a skin tone, for all of the people in it. */
export function inTone({ emoji, takesTone }: Pick<Emoji, 'emoji' | 'takesTone'>, tone: SkinTone): string {
  if (!takesTone || tone === 0) return emoji
  const modifier = String.fromCodePoint(0x1f3fa + tone)
  // The tone takes the place of the sign that asks for a picture; the hands between two people have none of their own.
  return emoji.replaceAll(/(?<!\u200d)(\p{Emoji_Modifier_Base})\ufe0f?|(?<=\u200d)(?!🤝)(\p{Emoji_Modifier_Base})\ufe0f?/gu, `$1$2${modifier}`)
}
