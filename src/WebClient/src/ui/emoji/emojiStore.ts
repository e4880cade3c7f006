import type { SkinTone } from './emojiSearch'

/** What this browser remembers: used lately, the last first, and the skin tone. */
export type EmojiHabits = { recent: readonly string[]; tone: SkinTone }

const storageKey = 'chat.emoji'
const recentMax = 24
const none: EmojiHabits = { recent: [], tone: 0 }

export function readHabits(storage: Pick<Storage, 'getItem'>): EmojiHabits {
  try {
    const stored = JSON.parse(storage.getItem(storageKey) ?? '{}') as Partial<EmojiHabits>
    const recent = Array.isArray(stored.recent) ? stored.recent.filter((emoji) => typeof emoji === 'string').slice(0, recentMax) : []
    const tone = stored.tone !== undefined && [0, 1, 2, 3, 4, 5].includes(stored.tone) ? stored.tone : 0
    return { recent, tone }
  } catch {
    return none // A browser may refuse storage; nothing is remembered then.
  }
}

export function rememberEmoji(storage: Pick<Storage, 'getItem' | 'setItem'>, emoji: string): void {
  const { recent, tone } = readHabits(storage)
  write(storage, { recent: [emoji, ...recent.filter((known) => known !== emoji)].slice(0, recentMax), tone })
}

export function rememberTone(storage: Pick<Storage, 'getItem' | 'setItem'>, tone: SkinTone): void {
  write(storage, { ...readHabits(storage), tone })
}

function write(storage: Pick<Storage, 'setItem'>, habits: EmojiHabits): void {
  try {
    storage.setItem(storageKey, JSON.stringify(habits))
  } catch {
    // See readHabits.
  }
}
