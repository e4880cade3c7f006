import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Visit } from '../../model/chatState'
import { highestSeq, lowestSeq, reachesEnd, reachesStart, type Timeline } from '../../model/timeline'
import {
  countFilling,
  type HeldRange,
  moveDown,
  moveUp,
  shownRange,
  type ViewWindow,
  windowAround,
  windowAtEnd,
} from '../../model/viewWindow'
import { useClient } from '../shared/hooks'
import { anchorIn, forgetRows, rowAt, type ScrollAnchor, scrollToAnchor, scrollToDivider, scrollToMessage } from './scrollAnchor'

/** Standing within about a row of the end counts as standing at it. */
const endWithinPx = 48

/** Rows are put on the page this far before they come into view. */
const aheadPx = 1_600

/** Messages are read from the server when fewer than this are held beyond what is in view. */
const aheadMessages = 150

/** Out of sight a conversation keeps at most so many messages on the page: its next visit begins with them. */
const asleepRows = 40
const asleepJump = -1

/** The window's height that the log never has: its head and the field below stand there. */
const aroundLogPx = 150

export type LogScroll = {
  viewport: RefObject<HTMLDivElement | null>
  content: RefObject<HTMLDivElement | null>
  /** The range of messages that is on the page. */
  shown: HeldRange
  held: HeldRange
  /** The end of the conversation is on the page. */
  showsEnd: boolean
  /** The reader stands at the end. */
  atEnd: boolean
  /** The divider is above what is in view. */
  dividerAbove: boolean
  /** What is in this row is about to grow because the reader wants it: it stays where it is, even at the end. */
  holdAt: (row: HTMLElement) => void
}

/**
 * The window over the messages and the place of the reader in it. A message is the anchor: whatever comes, goes or grows,
 * the first message in view stays where it is, unless the reader stands at the end (W4).
 */
export function useLogScroll(visit: Visit, timeline: Timeline, asleep: boolean): LogScroll {
  const client = useClient()
  const viewport = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const anchor = useRef<ScrollAnchor>(undefined)
  const shownJump = useRef<number>(undefined)
  const paintedJump = useRef<number>(undefined)
  const frame = useRef<number>(undefined)

  const held: HeldRange = { lowest: lowestSeq(timeline), highest: highestSeq(timeline) }
  // Whoever comes back is shown the place anew.
  const jump = asleep ? asleepJump : visit.jump
  const [viewJump, setViewJump] = useState(jump)
  const [view, setView] = useState(() => windowFor(visit, timeline, held))
  const [atEnd, setAtEnd] = useState(() => startsAtEnd(visit))
  const [dividerAbove, setDividerAbove] = useState(false)
  if (viewJump !== jump) {
    setViewJump(jump)
    setView(windowFor(visit, timeline, held))
    setAtEnd(asleep || startsAtEnd(visit))
    setDividerAbove(false)
  }
  const shown = asleep ? shownRange(windowAtEnd(held, Math.min(countAtEnd(timeline), asleepRows)), held, true) : shownRange(view, held, atEnd)
  const showsEnd = reachesEnd(timeline) && shown.highest >= held.highest

  const place = () => {
    const element = viewport.current
    if (element === null || isOutOfSight(element)) return
    // Up since then: the reader is leaving the end, and the browser has not said so yet.
    const leaving = element.scrollTop < (anchor.current?.scrollTop ?? 0) - 1
    if (atEnd && showsEnd && !leaving) element.scrollTop = element.scrollHeight
    else scrollToAnchor(element, anchor.current)
    anchor.current = anchorIn(element)
  }

  /** What is missing around the view: rows that are held, and messages that are not. */
  const missing = (element: HTMLElement) => {
    const below = element.scrollHeight - element.scrollTop - element.clientHeight
    const first = anchor.current?.seq ?? shown.lowest
    return {
      above: element.scrollTop < aheadPx && shown.lowest > held.lowest,
      below: below < aheadPx && shown.highest < held.highest,
      older: !reachesStart(timeline) && first - held.lowest < aheadMessages,
      newer: !reachesEnd(timeline) && held.highest - first < aheadMessages + countAtEnd(timeline),
    }
  }

  /** Adds rows on the side that comes into view, one chunk in each frame. */
  const extend = () => {
    frame.current = undefined
    const element = viewport.current
    if (element === null || isOutOfSight(element)) return
    const { above, below, older, newer } = missing(element)
    if (older) client.readOlder()
    if (newer) client.readNewer()
    if (!above && !below) return
    // At once: it belongs to this frame.
    flushSync(() => {
      setView(above ? moveUp(shown, held) : moveDown(shown, held))
    })
  }

  const look = () => {
    const element = viewport.current
    if (element === null || isOutOfSight(element)) return
    setDividerAbove(isDividerAbove(element, visit.dividerSeq, shown))
    // What fits into the view is at its end without ever having been scrolled there.
    if (showsEnd && element.scrollHeight - element.scrollTop - element.clientHeight <= endWithinPx) setAtEnd(true)
  }

  const onScroll = () => {
    const element = viewport.current
    if (element === null || asleep) return
    // Where it was put from here nothing has changed since.
    if (element.scrollTop === anchor.current?.scrollTop) return
    anchor.current = anchorIn(element)
    const below = element.scrollHeight - element.scrollTop - element.clientHeight
    setAtEnd(showsEnd && below <= endWithinPx)
    look()
    if (Object.values(missing(element)).some(Boolean)) {
      frame.current ??= requestAnimationFrame(() => {
        current.current.extend()
      })
    }
  }

  const current = useRef({ place, extend, look, onScroll })
  useLayoutEffect(() => {
    current.current = { place, extend, look, onScroll }
  })
  useEffect(() => {
    const element = viewport.current
    const listen = () => {
      current.current.onScroll()
    }
    element?.addEventListener('scroll', listen, { passive: true })
    return () => {
      element?.removeEventListener('scroll', listen)
    }
  }, [])

  // Before the browser paints: whatever came or went, the reader's line stays where it was.
  useLayoutEffect(() => {
    const element = viewport.current
    if (element === null) return
    forgetRows(element)
    if (shownJump.current === jump) {
      place()
      return
    }
    shownJump.current = jump
    if (asleep || startsAtEnd(visit)) element.scrollTop = element.scrollHeight
    else if (visit.target === 'message') scrollToMessage(element, visit.targetSeq)
    else scrollToDivider(element)
    anchor.current = anchorIn(element)
    if (!asleep && visit.target === 'message' && visit.targetSeq !== undefined) pointOut(rowAt(element, visit.targetSeq))
  })

  // What is missing is known only after measuring the page, and each step makes the next one smaller.
  useEffect(() => {
    const lookAround = () => {
      current.current.look()
      current.current.extend()
    }
    // After a jump the rows that are there are painted first.
    if (asleep) {
      if (frame.current !== undefined) cancelAnimationFrame(frame.current)
      frame.current = undefined
      return
    }
    const first = paintedJump.current !== jump
    paintedJump.current = jump
    frame.current ??= requestAnimationFrame(() => {
      if (first) frame.current = requestAnimationFrame(lookAround)
      else lookAround()
    })
  })
  useEffect(
    () => () => {
      if (frame.current !== undefined) cancelAnimationFrame(frame.current)
      frame.current = undefined
    },
    [],
  )

  // Rows also change their height by themselves, with the window's width for one.
  useEffect(() => {
    if (viewport.current === null || content.current === null) return
    const observer = new ResizeObserver(() => {
      current.current.place()
    })
    observer.observe(viewport.current)
    observer.observe(content.current)
    return () => {
      observer.disconnect()
    }
  }, [])

  const holdAt = (row: HTMLElement) => {
    const element = viewport.current
    if (element === null) return
    const top = row.getBoundingClientRect().top - element.getBoundingClientRect().top
    anchor.current = { seq: Number(row.dataset['seq']), top, scrollTop: element.scrollTop }
    setAtEnd(false)
  }

  return { viewport, content, shown, held, showsEnd, atEnd, dividerAbove, holdAt }
}

/** On a narrow page what stands beside the conversation covers it: then no place can be measured, and none is lost. */
function isOutOfSight(viewport: HTMLElement): boolean {
  return viewport.clientHeight === 0
}

function startsAtEnd(visit: Visit): boolean {
  return visit.target === 'end' || (visit.target === 'divider' && visit.dividerSeq === undefined)
}

/** About as many as fill the log: what is painted first is painted soon. */
function countAtEnd({ messages }: Timeline): number {
  return countFilling(messages, messages.length - 1, -1, window.innerHeight - aroundLogPx)
}

function windowFor(visit: Visit, timeline: Timeline, held: HeldRange): ViewWindow {
  const wanted = visit.target === 'message' ? visit.targetSeq : visit.dividerSeq
  if (startsAtEnd(visit) || wanted === undefined) return windowAtEnd(held, countAtEnd(timeline))
  const { messages } = timeline
  const seq = Math.min(Math.max(wanted, held.lowest), held.highest)
  const px = window.innerHeight - aroundLogPx
  const index = seq - held.lowest
  return windowAround(seq, held, countFilling(messages, index - 1, -1, px), countFilling(messages, index, 1, px))
}

function isDividerAbove(viewport: HTMLElement, dividerSeq: number | undefined, shown: HeldRange): boolean {
  if (dividerSeq === undefined) return false
  const divider = viewport.querySelector('[data-divider]')
  if (divider === null) return dividerSeq < shown.lowest
  return divider.getBoundingClientRect().bottom < viewport.getBoundingClientRect().top
}

const pointedOutMs = 2_000

/** Shows for a moment which message was gone to. A change of colour, no movement. */
function pointOut(row: HTMLElement | undefined): void {
  row?.animate([{ backgroundColor: 'var(--surface-current)' }, { backgroundColor: 'var(--surface-current)', offset: 0.6 }, {}], pointedOutMs)
}
