import { type RefObject, useEffect, useRef } from 'react'
import {
  attentionMoved,
  attentionUntil,
  type DisplayTracker,
  halfInView,
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

const watchAfterMs = 150
const thresholds = [0, 0.1, 0.25, halfInView, 0.75, 1]

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
    watcher.current?.watchSoon()
  }, [days, conversationId])
}

/** Feeds the tracker from the browser. */
class Watcher {
  #tracker: DisplayTracker = nothingDisplayed
  readonly #viewport: HTMLElement
  readonly #activity: UserActivity
  readonly #endActivity: () => void
  readonly #onDisplayed: (seq: number) => void
  readonly #observer: IntersectionObserver
  readonly #observed = new Map<Element, number>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #watching: ReturnType<typeof setTimeout> | undefined

  constructor(viewport: HTMLElement, activity: UserActivity, onDisplayed: (seq: number) => void) {
    this.#viewport = viewport
    this.#activity = activity
    this.#onDisplayed = onDisplayed
    this.#observer = new IntersectionObserver(
      (entries) => {
        const now = Date.now()
        this.#move(rowsMoved(this.#tracker, entries.map(readEntry), now), now)
      },
      { root: viewport, threshold: thresholds },
    )
    this.#endActivity = activity.subscribe(this.#attend)
    window.addEventListener('focus', this.#attend)
    window.addEventListener('blur', this.#attend)
    document.addEventListener('visibilitychange', this.#attend)
    this.#attend()
    this.watchSoon()
  }

  /** Rows have come or gone. Those that only pass by while somebody scrolls are not worth a look. */
  watchSoon(): void {
    this.#watching ??= setTimeout(() => {
      this.#watching = undefined
      this.#watch()
    }, watchAfterMs)
  }

  #watch(): void {
    const present = new Set<Element>(this.#viewport.getElementsByClassName('row'))
    // Folded facts count as the last of them: one that comes makes another row of it.
    const gone = [...this.#observed].filter(([row, seq]) => !present.has(row) || seqOf(row) !== seq)
    for (const [row] of gone) {
      this.#observer.unobserve(row)
      this.#observed.delete(row)
    }
    for (const row of present) {
      if (this.#observed.has(row)) continue
      this.#observed.set(row, seqOf(row))
      this.#observer.observe(row)
    }
    const now = Date.now()
    const left = gone.map(([, seq]) => ({ seq, inView: false }))
    this.#move(rowsMoved(this.#tracker, left, now), now)
  }

  end(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#watching)
    this.#observer.disconnect()
    this.#endActivity()
    window.removeEventListener('focus', this.#attend)
    window.removeEventListener('blur', this.#attend)
    document.removeEventListener('visibilitychange', this.#attend)
  }

  readonly #attend = () => {
    const now = Date.now()
    const until = attentionUntil({
      visible: document.visibilityState === 'visible',
      focused: document.hasFocus(),
      lastInput: this.#activity.lastInput,
    })
    this.#move(attentionMoved(this.#tracker, until, now), now)
  }

  #move(tracker: DisplayTracker, now: number): void {
    const before = this.#tracker.highestDisplayed
    this.#tracker = timePassed(tracker, now)
    if (this.#tracker.highestDisplayed > before) this.#onDisplayed(this.#tracker.highestDisplayed)
    clearTimeout(this.#timer)
    const next = nextAt(this.#tracker)
    if (next !== undefined) {
      this.#timer = setTimeout(
        () => {
          this.#move(this.#tracker, Date.now())
        },
        Math.max(0, next - now),
      )
    }
  }
}

function readEntry(entry: IntersectionObserverEntry): { seq: number; inView: boolean } {
  const row = { ratio: entry.intersectionRatio, height: entry.intersectionRect.height }
  const inView = entry.isIntersecting && isInView(row, entry.rootBounds?.height ?? Infinity)
  return { seq: seqOf(entry.target), inView }
}

function seqOf(row: Element): number {
  return Number((row as HTMLElement).dataset['seq'])
}
