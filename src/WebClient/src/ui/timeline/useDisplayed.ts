import { type RefObject, useEffect, useRef } from 'react'
import {
  attentionMoved,
  attentionUntil,
  type DisplayTracker,
  isInView,
  nextAt,
  nothingDisplayed,
  rowsMoved,
  timePassed,
} from '../../model/displayTracker'
import type { Visit } from '../../model/chatState'
import type { LogDay } from '../../model/rows'
import { useActivity, useClient } from '../shared/hooks'
import type { UserActivity } from '../shared/userActivity'
import { rowsInView } from './scrollAnchor'

/** Rows that only pass by while somebody scrolls are not worth a look. */
const lookAfterMs = 150

/**
 * Reports the messages of a log that were really displayed; see `DisplayTracker` for what that means. Each visit begins anew:
 * what was marked as unread since is reported again. A log that is asleep displays nothing.
 */
export function useDisplayed(viewport: RefObject<HTMLElement | null>, days: readonly LogDay[], visit: Visit, asleep: boolean) {
  const client = useClient()
  const activity = useActivity()
  const watcher = useRef<Watcher>(undefined)
  const { id: conversationId, jump } = visit

  useEffect(() => {
    const { current: element } = viewport
    if (asleep || element === null) return
    // Nothing is displayed before it is painted.
    const begin = setTimeout(() => {
      watcher.current = new Watcher(element, activity, (seq) => {
        client.displayed(conversationId, seq)
      })
    })
    return () => {
      clearTimeout(begin)
      watcher.current?.end()
      watcher.current = undefined
    }
    // `jump` rises with every visit.
  }, [viewport, client, activity, conversationId, jump, asleep])

  useEffect(() => {
    watcher.current?.lookSoon()
  }, [days, conversationId])
}

/**
 * Feeds the tracker from the browser. Looks now and then, and always before something counts as displayed: to be told of each row
 * that comes into view and leaves it would cost a part of every frame of a scroll.
 */
class Watcher {
  #tracker: DisplayTracker = nothingDisplayed
  readonly #viewport: HTMLElement
  readonly #activity: UserActivity
  readonly #endActivity: () => void
  readonly #onDisplayed: (seq: number) => void
  /** Of the view and of what is in it. */
  readonly #sizes = new ResizeObserver(() => {
    this.lookSoon()
  })
  #due: ReturnType<typeof setTimeout> | undefined
  #looking: ReturnType<typeof setTimeout> | undefined

  constructor(viewport: HTMLElement, activity: UserActivity, onDisplayed: (seq: number) => void) {
    this.#viewport = viewport
    this.#activity = activity
    this.#onDisplayed = onDisplayed
    this.#endActivity = activity.subscribe(this.#attend)
    viewport.addEventListener('scroll', this.lookSoon, { passive: true })
    this.#sizes.observe(viewport)
    if (viewport.lastElementChild !== null) this.#sizes.observe(viewport.lastElementChild)
    window.addEventListener('focus', this.#attend)
    window.addEventListener('blur', this.#attend)
    document.addEventListener('visibilitychange', this.#attend)
    this.#attend()
    this.lookSoon()
  }

  /** Rows have come, gone or moved. */
  readonly lookSoon = (): void => {
    this.#looking ??= setTimeout(this.#look, lookAfterMs)
  }

  end(): void {
    clearTimeout(this.#due)
    clearTimeout(this.#looking)
    this.#endActivity()
    this.#viewport.removeEventListener('scroll', this.lookSoon)
    this.#sizes.disconnect()
    window.removeEventListener('focus', this.#attend)
    window.removeEventListener('blur', this.#attend)
    document.removeEventListener('visibilitychange', this.#attend)
  }

  readonly #look = () => {
    clearTimeout(this.#looking)
    this.#looking = undefined
    // What stands before a message that was displayed tells nothing new.
    const candidates = rowsInView(this.#viewport, this.#tracker.highestDisplayed)
    const inView = new Set(candidates.filter((row) => isInView(row, this.#viewport.clientHeight)).map(({ seq }) => seq))
    const left = [...this.#tracker.inView.keys()].filter((seq) => !inView.has(seq))
    const now = Date.now()
    const rows = [...left.map((seq) => ({ seq, inView: false })), ...[...inView].map((seq) => ({ seq, inView: true }))]
    this.#move(rowsMoved(this.#tracker, rows, now), now)
  }

  readonly #attend = () => {
    const now = Date.now()
    const until = attentionUntil({
      visible: document.visibilityState === 'visible',
      focused: document.hasFocus(),
      lastInput: this.#activity.lastInput,
    })
    // With every key and every step of a wheel: as a rule nothing but its end moves.
    if (this.#due !== undefined && now < this.#tracker.attentiveUntil && now < until) this.#tracker = { ...this.#tracker, attentiveUntil: until }
    else this.#move(attentionMoved(this.#tracker, until, now), now)
  }

  #move(tracker: DisplayTracker, now: number): void {
    const before = this.#tracker.highestDisplayed
    this.#tracker = timePassed(tracker, now)
    if (this.#tracker.highestDisplayed > before) this.#onDisplayed(this.#tracker.highestDisplayed)
    clearTimeout(this.#due)
    this.#due = undefined
    const next = nextAt(this.#tracker)
    if (next !== undefined) this.#due = setTimeout(this.#look, Math.max(0, next - now))
  }
}
