import { useEffect, useRef, useState } from 'react'
import type { Words } from '../../i18n/words'
import type { Timeline } from '../../model/timeline'
import type { Message } from '../../protocol/wire'
import { factWords } from '../shared/facts'
import { mentionText } from '../text/mentionText'

/** More new messages at once than this are only counted: nobody can listen to all of them (W10). */
const spokenMax = 3
const spokenCharsMax = 300

/** What comes within this time is said together. */
const collectMs = 600

/**
 * What a screen reader says of new messages of others in the open conversation. History that is read is never said, nor
 * what was there when the conversation was opened.
 */
export function useAnnouncements(timeline: Timeline, names: ReadonlyMap<string, string>, me: string, words: Words): string {
  const [spoken, setSpoken] = useState('')
  const [startedAt] = useState(timeline.headSeq)
  const spokenUpTo = useRef(startedAt)
  const latest = useRef({ timeline, names, words })
  useEffect(() => {
    latest.current = { timeline, names, words }
  })

  const newest = timeline.messages.at(-1)?.seq ?? 0
  useEffect(() => {
    if (newest <= spokenUpTo.current) return
    const timer = setTimeout(() => {
      const now = latest.current
      const news = newsAfter(spokenUpTo.current, now.timeline.messages, me)
      spokenUpTo.current = newest
      if (news.length > 0) setSpoken(announcement(news, now.names, me, now.words))
    }, collectMs)
    return () => {
      clearTimeout(timer)
    }
  }, [newest, me])

  return spoken
}

export function newsAfter(seq: number, messages: readonly Message[], me: string): Message[] {
  const news = []
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index]
    if (message === undefined || message.seq <= seq) break
    if (message.author.userId !== me && message.deletedAt === undefined) news.push(message)
  }
  return news.reverse()
}

export function announcement(news: readonly Message[], names: ReadonlyMap<string, string>, me: string, words: Words): string {
  if (news.length > spokenMax) return words.t('timeline.newMany', { count: news.length })
  return news
    .map((message) => {
      if (message.kind === 'system') return factWords(message, names, me, words)
      const text = mentionText(message.text, names).slice(0, spokenCharsMax)
      return words.t('timeline.spoken', { author: message.author.name, text })
    })
    .join('\n')
}
