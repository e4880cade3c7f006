import source from 'emojibase-data/en/data.json'
import { beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../../i18n/words'
import { MemoryStorage } from '../../testing/chatFixture'
import { rule } from '../../testing/rule'
import { emojiLanguages, type EmojiSet, groupNames, loadEmoji } from './emojiData'
import { inTone, searchEmoji, type SkinTone, skinTones } from './emojiSearch'
import { readHabits, rememberEmoji, rememberTone } from './emojiStore'

/** The languages that the data has. */
const dataLanguages = Object.keys(import.meta.glob('../../../node_modules/emojibase-data/*/data.json')).map((path) => path.split('/').at(-2))
let set: EmojiSet

beforeAll(async () => {
  set = await loadEmoji('en')
})

function found(text: string, limit = 3): string[] {
  return searchEmoji(set, text, limit).map(({ emoji }) => emoji)
}

describe(rule('W12', 'emoji to pick'), () => {
  it('are all there, named and in groups', () => {
    expect(set.all.length).toBeGreaterThan(1_800)
    expect(set.all.filter(({ name }) => name === '')).toEqual([])
    expect(new Set(set.all.map(({ group }) => group))).toEqual(new Set(groupNames.keys()))
  })

  it.each([
    ['tada', '🎉'],
    ['+1', '👍️'],
    ['thumbs', '👍️'],
    ['Party', '🥳'],
    ['GRINNING FACE', '😀'],
    ['pizza', '🍕'],
    ['ticket', '🎫'],
  ])('%s is found first', (text, emoji) => {
    expect(found(text)[0]).toBe(emoji)
  })

  it('are not found where there is nothing to find', () => {
    expect([found(''), found(' '), found('qqqq')]).toEqual([[], [], []])
  })

  it('have the names of every language of the client that the data has', () => {
    const missing = languages.filter(({ tag }) => dataLanguages.includes(tag) && emojiLanguages[tag] === undefined)
    expect(missing.map(({ tag }) => tag)).toEqual([])
  })

  it('take every skin tone as Unicode writes it', () => {
    const known = new Set(source.flatMap(({ skins = [] }) => skins.map(({ emoji }) => emoji)))
    const wrong = set.all
      .filter(({ takesTone }) => takesTone)
      .flatMap((emoji) => skinTones.slice(1).map((tone: SkinTone) => inTone(emoji, tone)))
      .filter((emoji) => !known.has(emoji))
    expect(wrong).toEqual([])
  })
})

describe(rule('W12', 'what is remembered of picking'), () => {
  it('the last ones, each once, and the tone', () => {
    const storage = new MemoryStorage()
    for (const emoji of ['🎉', '👍', '🎉']) rememberEmoji(storage, emoji)
    rememberTone(storage, 3)
    expect(readHabits(storage)).toEqual({ recent: ['🎉', '👍'], tone: 3 })
    for (let each = 0; each < 40; each++) rememberEmoji(storage, `e${each}`)
    expect(readHabits(storage).recent).toHaveLength(24)
  })

  it('nothing that cannot be read', () => {
    for (const stored of ['nonsense', '{"recent":7,"tone":9}', 'null']) {
      const storage = new MemoryStorage()
      storage.setItem('chat.emoji', stored)
      expect(readHabits(storage)).toEqual({ recent: [], tone: 0 })
    }
  })
})
