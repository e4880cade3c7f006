import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Visit } from '../../model/chatState'
import type { OutboxEntry } from '../../model/outbox'
import { logRows } from '../../model/rows'
import { highestSeq, lowestSeq, reachesEnd, reachesStart, type Timeline } from '../../model/timeline'
import {
  type HeldRange,
  moveDown,
  moveUp,
  shownRange,
  type ViewWindow,
  windowAround,
  windowAtEnd,
} from '../../model/viewWindow'
import { useChat, useClient, useNow, useWords } from '../shared/hooks'
import { LogRowView } from './messageRow'
import { anchorIn, type ScrollAnchor, scrollToAnchor, scrollToDivider, scrollToMessage } from './scrollAnchor'
import { countWords, dayWords } from '../shared/times'
import { useDisplayed } from './useDisplayed'

/** Standing within about a row of the end counts as standing at it. */
const endWithinPx = 48

/** Rows are put on the page, and read from the server, this far before they come into view. */
const aheadPx = 1_200

/** How often "Today" is looked at again. */
const minuteMs = 60_000

type Props = { visit: Visit; timeline: Timeline; pending: readonly OutboxEntry[]; unread: number }

export function MessageLog({ visit, timeline, pending, unread }: Props) {
  const client = useClient()
  const words = useWords()
  const { t } = words
  const me = useChat((state) => state.me)
  const names = useChat((state) => state.names)
  const now = useNow(minuteMs)
  const viewport = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const anchor = useRef<ScrollAnchor>(undefined)
  const shownJump = useRef(-1)

  const held: HeldRange = { lowest: lowestSeq(timeline), highest: highestSeq(timeline) }
  const [jump, setJump] = useState(visit.jump)
  const [view, setView] = useState(() => windowFor(visit, held))
  const [atEnd, setAtEnd] = useState(() => startsAtEnd(visit))
  const [startedAt, setStartedAt] = useState(timeline.headSeq)
  if (jump !== visit.jump) {
    setJump(visit.jump)
    setView(windowFor(visit, held))
    setAtEnd(startsAtEnd(visit))
    setStartedAt(timeline.headSeq)
  }

  const shown = shownRange(view, held, atEnd)
  const showsEnd = reachesEnd(timeline) && shown.highest >= held.highest
  const { messages } = timeline
  const { dividerSeq } = visit
  const rows = useMemo(
    () =>
      logRows({
        messages: messages.slice(shown.lowest - held.lowest, shown.highest - held.lowest + 1),
        pending: showsEnd ? pending : [],
        dividerSeq,
        me: me.userId,
        dayWords: (time) => dayWords(time, now, words),
      }),
    [messages, shown.lowest, shown.highest, held.lowest, showsEnd, pending, dividerSeq, me.userId, now, words],
  )

  const extend = () => {
    const element = viewport.current
    if (element === null) return
    const below = element.scrollHeight - element.scrollTop - element.clientHeight
    if (element.scrollTop < aheadPx) {
      if (shown.lowest > held.lowest) setView(moveUp(shown, held))
      else if (!reachesStart(timeline)) client.readOlder()
    }
    if (below < aheadPx) {
      if (shown.highest < held.highest) setView(moveDown(shown, held))
      else if (!reachesEnd(timeline)) client.readNewer()
    }
  }

  const place = () => {
    const element = viewport.current
    if (element === null) return
    // Up since then: the reader is leaving the end, and the browser has not said so yet.
    const leaving = element.scrollTop < (anchor.current?.scrollTop ?? 0) - 1
    if (atEnd && showsEnd && !leaving) element.scrollTop = element.scrollHeight
    else scrollToAnchor(element, anchor.current)
    anchor.current = anchorIn(element)
  }

  // Before the browser paints: whatever came or went, the reader's line stays where it was.
  useLayoutEffect(() => {
    const element = viewport.current
    if (element === null) return
    if (shownJump.current !== visit.jump) {
      shownJump.current = visit.jump
      if (startsAtEnd(visit)) element.scrollTop = element.scrollHeight
      else if (visit.target === 'message') scrollToMessage(element, visit.targetSeq)
      else scrollToDivider(element)
      anchor.current = anchorIn(element)
    } else place()
  })

  useEffect(() => {
    // What is needed is known only after measuring the page, and each step makes the next one smaller.
    // eslint-disable-next-line react-hooks/set-state-in-effect -- see above
    extend()
  })

  // Rows also change their height by themselves, with the window's width for one.
  const placeAgain = useRef(place)
  useEffect(() => {
    placeAgain.current = place
  })
  useEffect(() => {
    if (viewport.current === null || content.current === null) return
    const observer = new ResizeObserver(() => {
      placeAgain.current()
    })
    observer.observe(viewport.current)
    observer.observe(content.current)
    return () => {
      observer.disconnect()
    }
  }, [])

  useDisplayed(viewport, rows, visit.id)

  const onScroll = () => {
    const element = viewport.current
    if (element === null) return
    anchor.current = anchorIn(element)
    const below = element.scrollHeight - element.scrollTop - element.clientHeight
    setAtEnd(showsEnd && below <= endWithinPx)
    extend()
  }

  const last = messages.at(-1)
  const announced = last !== undefined && last.seq > startedAt && last.author.userId !== me.userId ? last : undefined

  return (
    <div className="log-place">
      {/* The log itself is not announced: paging through history would be read aloud. New messages are, below. */}
      <div
        ref={viewport}
        className="log"
        role="log"
        aria-label={t('timeline.messages')}
        aria-live="off"
        tabIndex={0}
        onScroll={onScroll}
      >
        <div ref={content} className="log-content">
          {reachesStart(timeline) && shown.lowest === held.lowest ? (
            <p className="page-hint">{t(held.highest === 0 ? 'timeline.empty' : 'timeline.beginning')}</p>
          ) : (
            <p className="page-hint" aria-hidden="true">
              {t('timeline.loadingOlder')}
            </p>
          )}
          {rows.map((row) => (
            <LogRowView key={row.key} row={row} me={me.userId} names={names} />
          ))}
        </div>
      </div>
      {!atEnd && (
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
      <div className="unseen" aria-live="polite">
        {announced !== undefined && `${announced.author.name}: ${announced.text}`}
      </div>
    </div>
  )
}

function startsAtEnd(visit: Visit): boolean {
  return visit.target === 'end' || (visit.target === 'divider' && visit.dividerSeq === undefined)
}

function windowFor(visit: Visit, held: HeldRange): ViewWindow {
  const seq = visit.target === 'message' ? visit.targetSeq : visit.dividerSeq
  return startsAtEnd(visit) || seq === undefined ? windowAtEnd(held) : windowAround(seq, held)
}
