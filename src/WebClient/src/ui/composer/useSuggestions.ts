import { useCallback, useRef, useState } from 'react'
import { mentionableMax } from '../../model/mentionable'
import { useClient, useWords } from '../shared/hooks'
import type { EmojiSet } from '../emoji/emojiData'
import type { ComposerField } from './composerField'
import type { MentionTarget } from './mentionRanges'
import { finishedEmojiAt, type Query, queryAt } from './queries'

export type Suggestion =
  | { kind: 'person'; key: string; userId: string; name: string }
  | { kind: 'wide'; key: string; to: 'all' | 'here' }
  | { kind: 'emoji'; key: string; emoji: string; name: string }

export type Suggestions = { query: Query; rows: readonly Suggestion[]; selected: string }

type EmojiTools = {
  set: EmojiSet
  search: (set: EmojiSet, text: string, limit: number) => { emoji: string; name: string; shortNames: readonly string[]; takesTone: boolean }[]
  inHabitualTone: (emoji: { emoji: string; takesTone: boolean }) => string
}

/** What stands before the caret and could be completed: people out of what is known here, and emoji by name. */
export function useSuggestions(conversationId: string, group: boolean) {
  const client = useClient()
  const { language } = useWords()
  const [shown, setShown] = useState<Suggestions>()
  /** What is shown now, and what was put away with Esc: for handlers, which run before the next drawing. */
  const current = useRef<{ shown: Suggestions | undefined; dismissed: number | undefined }>({ shown: undefined, dismissed: undefined })
  const emoji = useRef<EmojiTools>(undefined)
  /** Rises when the text becomes another one: answers that come late are for the one before. */
  const generation = useRef(0)

  const asked = useRef(false)

  const show = useCallback((next: Suggestions | undefined) => {
    current.current.shown = next
    setShown(next)
  }, [])

  const close = useCallback(() => {
    if (current.current.shown !== undefined) show(undefined)
  }, [show])

  const update = useCallback(
    (field: ComposerField) => {
      if (group && !asked.current) {
        // Who belongs to it is known before the first @: then nobody is faster than the answer.
        asked.current = true
        void client.mentionables.refresh(conversationId, '')
      }
      const now = current.current
      const query = queryAt(field.written, field.caret)
      if (query === undefined || query.start !== now.dismissed) now.dismissed = undefined
      if (query === undefined || now.dismissed !== undefined) {
        if (now.shown !== undefined) show(undefined)
        return
      }
      const fill = () => {
        const rows = query.kind === 'mention' ? people(query.text) : emojiRows(query.text)
        const before = current.current.shown
        // Whoever is chosen stays so, wherever a better answer moves him.
        const kept = before?.query.start === query.start && rows.some(({ key }) => key === before.selected)
        const moved = kept && before.query.text === query.text
        const [first] = rows
        show(first === undefined ? undefined : { query, rows, selected: moved ? before.selected : first.key })
      }
      const asking = generation.current
      const stillAsked = () => {
        if (generation.current !== asking) return false
        const asked = queryAt(field.written, field.caret)
        return asked?.start === query.start && asked.text === query.text && current.current.dismissed === undefined
      }
      const people = (text: string): Suggestion[] => {
        const found = client.mentionables.find(conversationId, text)
        const wide = group ? wideRows(text) : []
        const persons = found
          .slice(0, mentionableMax - wide.length)
          .map(({ userId, name }): Suggestion => ({ kind: 'person', key: userId, userId, name }))
        return wide.some(({ to }) => to === text.toLowerCase()) ? [...wide, ...persons] : [...persons, ...wide]
      }
      const emojiRows = (text: string): Suggestion[] => {
        const tools = emoji.current
        if (tools === undefined) return []
        return tools.search(tools.set, text, mentionableMax).map((each) => ({
          kind: 'emoji',
          key: each.emoji,
          emoji: tools.inHabitualTone(each),
          name: each.shortNames[0] === undefined ? each.name : `:${each.shortNames[0]}:`,
        }))
      }
      fill()
      if (query.kind === 'mention') {
        void client.mentionables.refresh(conversationId, query.text).then((news) => {
          if (news && stillAsked()) fill()
        })
      } else if (emoji.current === undefined) {
        void loadTools(language.tag).then((tools) => {
          emoji.current = tools
          if (stillAsked()) fill()
        }, ignoreOffline)
      }
    },
    [client, conversationId, group, language, show],
  )

  const move = useCallback(
    (by: number) => {
      const { shown } = current.current
      if (shown === undefined) return
      const { rows, selected } = shown
      const at = rows.findIndex(({ key }) => key === selected)
      const next = rows[(at + by + rows.length) % rows.length]
      if (next !== undefined) show({ ...shown, selected: next.key })
    },
    [show],
  )

  const dismiss = useCallback(() => {
    current.current.dismissed = current.current.shown?.query.start
    close()
  }, [close])

  /** The text is another one now. */
  const reset = useCallback(() => {
    generation.current++
    current.current.dismissed = undefined
    close()
  }, [close])

  /** Takes a row, the selected one unless another was clicked. */
  const pick = useCallback(
    (field: ComposerField, key?: string) => {
      const { shown } = current.current
      const row = shown?.rows.find((each) => each.key === (key ?? shown.selected))
      close()
      if (shown === undefined || row === undefined) return
      const { start, end } = shown.query
      if (row.kind === 'emoji') {
        const text = `${row.emoji} `
        field.replace({ start, end, text, selectStart: start + text.length, selectEnd: start + text.length })
      } else {
        const target: MentionTarget = row.kind === 'person' ? { type: 'person', userId: row.userId } : { type: 'wide', to: row.to }
        field.mention(start, end, `@${row.kind === 'person' ? row.name : row.to}`, target)
      }
    },
    [close],
  )

  /** A whole `:name:` becomes its emoji; a name written out means whom it names, if it can be only one. */
  const complete = useCallback(
    (field: ComposerField) => {
      const { caret, written } = field
      const { shown } = current.current
      const tools = emoji.current
      const finished = tools === undefined ? undefined : finishedEmojiAt(written.text, caret)
      const named = finished === undefined ? undefined : tools?.set.byShortName.get(finished.name)
      if (finished !== undefined && named !== undefined && tools !== undefined) {
        const text = tools.inHabitualTone(named)
        const end = finished.start + text.length
        field.replace({ start: finished.start, end: caret, text, selectStart: end, selectEnd: end })
        return
      }
      if (shown?.query.kind !== 'mention' || caret !== shown.query.end + 1 || !/[\s.,;:!?)]/.test(written.text[caret - 1] ?? '')) return
      const { start, end, text } = shown.query
      const meant = shown.rows.filter((row) => nameIn(row)?.toLowerCase() === text.toLowerCase())
      const [row] = meant
      const longer = shown.rows.some((each) => nameIn(each)?.toLowerCase().startsWith(`${text.toLowerCase()} `) === true)
      if (row === undefined || row.kind === 'emoji' || meant.length > 1 || longer) return
      const target: MentionTarget = row.kind === 'person' ? { type: 'person', userId: row.userId } : { type: 'wide', to: row.to }
      field.mean({ start, end, target })
    },
    [],
  )

  return { shown, current, update, move, pick, complete, close, dismiss, reset }
}

function nameIn(row: Suggestion): string | undefined {
  return row.kind === 'person' ? row.name : row.kind === 'wide' ? row.to : undefined
}

function wideRows(text: string): Extract<Suggestion, { kind: 'wide' }>[] {
  const wanted = text.toLowerCase()
  return (['all', 'here'] as const).filter((to) => to.startsWith(wanted)).map((to) => ({ kind: 'wide', key: `!${to}`, to }))
}

async function loadTools(language: string): Promise<EmojiTools> {
  const [data, search, store] = await Promise.all([
    import('../emoji/emojiData'),
    import('../emoji/emojiSearch'),
    import('../emoji/emojiStore'),
  ])
  return {
    set: await data.loadEmoji(language),
    search: search.searchEmoji,
    inHabitualTone: (emoji) => search.inTone(emoji, store.readHabits(window.localStorage).tone),
  }
}

/** Emoji that could not be loaded are not offered. */
function ignoreOffline(): void {
  return
}
