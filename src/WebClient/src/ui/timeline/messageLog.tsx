import { memo, type MouseEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { Words } from '../../i18n/words'
import type { ChatState, Visit } from '../../model/chatState'
import type { OutboxEntry } from '../../model/outbox'
import { type LogDay, logDays, type LogRow } from '../../model/rows'
import { messageAt, reachesStart, type Timeline } from '../../model/timeline'
import { chunkOf } from '../../model/viewWindow'
import type { Message } from '../../protocol/wire'
import { useChat, useClient, useNow, useWords } from '../shared/hooks'
import { laterDialog } from '../shared/later'
import { countWords, dayWords, exactWords } from '../shared/times'
import { useRouter } from '../shell/route'
import { textParts } from '../text/textParts'
import { DeleteDialog } from './deleteDialog'
import { LogRowsView } from './messageRow'
import { MessageTools, type OpenTool } from './messageTools'
import { seqOf } from './scrollAnchor'
import { ScrollShield } from './scrollShield'
import { Announcements } from './announcements'
import { useDisplayed } from './useDisplayed'
import { useLogScroll } from './useLogScroll'
import { type MessageDialog, useMessageActions } from './useMessageActions'
import { rowOf, useRoving } from './useRoving'

const VersionsDialog = laterDialog(async () => (await import('./versionsDialog')).VersionsDialog)
const WhyNotifiedDialog = laterDialog(async () => (await import('./whyNotifiedDialog')).WhyNotifiedDialog)

/** How often "Today" is looked at again. */
const minuteMs = 60_000

type Props = {
  visit: Visit
  timeline: Timeline
  pending: readonly OutboxEntry[]
  unread: number
  /** Another conversation is in front: the messages wait, and nothing is done with them. */
  asleep: boolean
}

/** The messages of the open conversation: reading, scrolling, and what can be done with each of them. */
export const MessageLog = memo(function MessageLog({ visit, timeline, pending, unread, asleep }: Props) {
  const client = useClient()
  const words = useWords()
  const { t } = words
  const router = useRouter()
  const me = useChat((state) => state.me)
  const names = useChat((state) => state.names)
  const direct = useChat((state) => kindOf(state, visit.id) === 'direct')
  const scroll = useLogScroll(visit, timeline, asleep)
  const { viewport, content, shown, held, showsEnd, atEnd } = scroll
  const { messages } = timeline
  const dividerSeq = asleep ? undefined : visit.dividerSeq
  const days = useMemo(
    () =>
      logDays({
        messages: messages.slice(shown.lowest - held.lowest, shown.highest - held.lowest + 1),
        pending: showsEnd ? pending : [],
        dividerSeq,
        me: me.userId,
      }),
    [messages, shown.lowest, shown.highest, held.lowest, showsEnd, pending, dividerSeq, me.userId],
  )
  useDisplayed(viewport, days, visit, asleep)
  useNamesOf(days)

  const actions = useMessageActions(visit.id)
  const [hovered, setHovered] = useState<HTMLElement>()
  const [focused, setFocused] = useState<HTMLElement>()
  const [open, setOpen] = useState<{ row: HTMLElement; tool: OpenTool }>()
  const [dialog, setDialog] = useState<MessageDialog>()
  const roving = useRoving(viewport, setFocused)
  const toolsRow = asleep ? undefined : open?.tool !== undefined ? open.row : (hovered ?? focused)
  const toolsMessage = toolsRow?.isConnected === true ? messageOf(toolsRow, timeline) : undefined
  const dialogMessage = dialog === undefined ? undefined : messageAt(timeline, dialog.seq)

  const [slept, setSlept] = useState(asleep)
  if (slept !== asleep) {
    setSlept(asleep)
    setHovered(undefined)
    setFocused(undefined)
    setOpen(undefined)
    setDialog(undefined)
  }

  const closeDialog = () => {
    setDialog(undefined)
  }

  const onClick = (event: MouseEvent) => {
    const row = rowOf(event.target)
    const message = row === undefined ? undefined : messageOf(row, timeline)
    const control = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-act]') : null
    const { act, to, emoji } = control?.dataset ?? {}
    if (row !== undefined && act === 'expand') scroll.holdAt(row)
    // Also in a row that is no message yet.
    if (act === 'jump' && to !== undefined) router.openConversation(visit.id, Number(to))
    if (message === undefined) return
    if (control === null) {
      const free = event.target instanceof Element && event.target.closest('a, button') === null
      if (event.altKey && free) actions.markUnread(message.seq)
      return
    }
    if (act === 'react' && emoji !== undefined) actions.toggleReaction(message, emoji)
    else if (act === 'versions') setDialog({ type: 'versions', seq: message.seq })
  }

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (roving.onKeyDown(event)) return
    const row = rowOf(event.target)
    const opens = event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10') || (event.key === 'Enter' && event.target === row)
    if (!opens || row === undefined || messageOf(row, timeline) === undefined) return
    event.preventDefault()
    setOpen({ row, tool: 'menu' })
  }

  // Not "over": rows that pass under a resting pointer while somebody scrolls are not pointed at.
  const onPointer = (event: PointerEvent) => {
    const row = rowOf(event.target)
    if (row !== hovered) setHovered(row)
    nameTime(event.target, words)
  }

  return (
    <>
      {/* The log itself is not announced: paging through history would be read aloud. New messages are, below. */}
      <div
        ref={viewport}
        className="log"
        role="log"
        aria-label={t('timeline.messages')}
        aria-live="off"
        tabIndex={0}
        onClick={onClick}
        onKeyDown={onKeyDown}
        onFocus={roving.onFocus}
        onBlur={roving.onBlur}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onPointerLeave={() => {
          setHovered(undefined)
        }}
      >
        <ScrollShield />
        <div ref={content} className="log-content">
          {reachesStart(timeline) && shown.lowest === held.lowest ? (
            <p className="page-hint">{t(held.highest === 0 ? 'timeline.empty' : 'timeline.beginning')}</p>
          ) : (
            <p className="page-hint" aria-hidden="true">
              {t('timeline.loadingOlder')}
            </p>
          )}
          <Days days={days} me={me.userId} names={names} />
          {toolsRow !== undefined && toolsMessage !== undefined && (
            <MessageTools
              key={toolsMessage.seq}
              message={toolsMessage}
              row={toolsRow}
              direct={direct}
              focused={toolsRow === focused}
              open={open?.row === toolsRow ? open.tool : undefined}
              onOpen={(tool) => {
                setOpen({ row: toolsRow, tool })
              }}
              onDialog={setDialog}
              actions={actions}
            />
          )}
        </div>
      </div>
      {!asleep && scroll.dividerAbove && visit.dividerSeq !== undefined && (
        <button
          type="button"
          className="pill pill-top"
          onClick={() => {
            if (visit.dividerSeq !== undefined) client.goToMessage(visit.id, visit.dividerSeq)
          }}
        >
          {t('timeline.firstUnread')} <span aria-hidden="true">↑</span>
        </button>
      )}
      {!asleep && !atEnd && (
        <button
          type="button"
          className="pill"
          onClick={() => {
            client.goToEnd()
          }}
        >
          {unread > 0 ? t('timeline.newBelow', { count: countWords(unread, words) }) : t('timeline.newest')} <span aria-hidden="true">↓</span>
        </button>
      )}
      {!asleep && <Announcements timeline={timeline} names={names} me={me.userId} />}
      {dialog?.type === 'versions' && dialogMessage?.deletedAt === undefined && dialogMessage !== undefined && (
        <VersionsDialog conversationId={visit.id} message={dialogMessage} onClose={closeDialog} />
      )}
      {dialog?.type === 'why' && <WhyNotifiedDialog conversationId={visit.id} seq={dialog.seq} onClose={closeDialog} />}
      {dialog?.type === 'delete' && dialogMessage?.deletedAt === undefined && dialogMessage !== undefined && (
        <DeleteDialog
          message={dialogMessage}
          own={dialogMessage.author.userId === me.userId}
          onDelete={() => {
            actions.remove(dialogMessage)
          }}
          onClose={closeDialog}
        />
      )}
    </>
  )
})

function Days({ days, me, names }: { days: readonly LogDay[]; me: string; names: ReadonlyMap<string, string> }) {
  const now = useNow(minuteMs)
  return days.map(({ key, day, rows }) => (
    <section key={key} className="day">
      <DayHead day={day} now={now} />
      {inChunks(rows).map((chunk) => (
        <LogRowsView key={chunk.key} rows={chunk.rows} me={me} names={names} />
      ))}
    </section>
  ))
}

const DayHead = memo(function DayHead({ day, now }: { day: number; now: number }) {
  const words = useWords()
  return (
    <div className="day-head" role="separator">
      <span>{dayWords(new Date(day).toISOString(), now, words)}</span>
    </div>
  )
})

/** The exact time, for who points at it: not worked out for every row. */
function nameTime(target: EventTarget, words: Words): void {
  if (target instanceof HTMLTimeElement && target.title === '' && target.dateTime !== '') target.title = exactWords(target.dateTime, words)
}

/** By `seq`, so that a row stays in its chunk while the window moves. */
function inChunks(rows: readonly LogRow[]): { key: string; rows: LogRow[] }[] {
  const chunks: { key: string; number: number; rows: LogRow[] }[] = []
  for (const row of rows) {
    const seq = row.type === 'message' ? row.message.seq : row.type === 'facts' ? row.messages[0]?.seq : undefined
    const last = chunks.at(-1)
    const number = seq === undefined ? (last?.number ?? 0) : chunkOf(seq)
    if (last?.number === number) last.rows.push(row)
    else chunks.push({ key: `rows ${number}`, number, rows: [row] })
  }
  return chunks
}

function kindOf(state: ChatState, id: string): 'direct' | 'group' {
  return state.conversations.get(id)?.summary?.kind === 'group' ? 'group' : 'direct'
}

function messageOf(row: HTMLElement, timeline: Timeline): Message | undefined {
  const message = messageAt(timeline, seqOf(row))
  return message?.kind === 'text' ? message : undefined
}

/** Names of people who are only mentioned, or only were added, are asked for. */
function useNamesOf(days: readonly LogDay[]): void {
  const client = useClient()
  const asked = useRef(new Set<Message>())
  useEffect(() => {
    const people = new Set<string>()
    for (const { rows } of days) {
      for (const row of rows) {
        const messages = row.type === 'message' ? [row.message] : row.type === 'facts' ? row.messages : []
        for (const message of messages) {
          if (asked.current.has(message)) continue
          asked.current.add(message)
          for (const userId of peopleIn(message)) people.add(userId)
        }
      }
    }
    const { names } = client.store.get()
    const unknown = [...people].filter((userId) => !names.has(userId))
    if (unknown.length > 0) client.people.need(unknown)
  }, [client, days])
}

function peopleIn({ text, fact, reactions }: Message): string[] {
  if (fact !== undefined) return fact.targets
  const reacting = reactions?.flatMap(({ users }) => users) ?? []
  if (!text.includes('<@')) return reacting
  return [...reacting, ...textParts(text).flatMap((part) => (part.type === 'person' ? [part.userId] : []))]
}
