import type { ChatAction, ChatState } from '../model/chatState'
import type { Clock } from './clock'
import { Deadline } from './deadline'

/** When somebody writes on this page. */
export type WritingKeys = {
  /** When the last key went down in a text field; `-Infinity` before any has. */
  lastKeyAt: () => number
  subscribe: (onKey: () => void) => () => void
}

type Source = { get: () => ChatState; subscribe: (listener: (action: ChatAction) => void) => () => void }

/** What comes within a frame is drawn once. */
const togetherMs = 16

/** After a key its own drawing comes first, and then there is time before the next one. */
const afterKeyMs = 25

/** Whoever has not pressed a key for so long makes a pause. */
const pauseMs = 250

/** Longer than this nothing waits. */
const waitMaxMs = 300

/**
 * The state as the page shows it. What a person does is shown at once. What arrives from others is drawn together, and, while
 * somebody writes, just after a key: no key waits for messages to be drawn, however many come.
 */
export class ShownState {
  readonly #source: Source
  readonly #arriving: () => boolean
  readonly #clock: Clock
  readonly #keys: WritingKeys
  readonly #listeners = new Set<() => void>()
  #shown: ChatState
  #waitsSince: number | undefined
  readonly #due: Deadline
  #endKeys: () => void = () => undefined

  /** `arriving`: whether the source moves for what others did. */
  constructor(source: Source, arriving: () => boolean, clock: Clock, keys: WritingKeys) {
    this.#source = source
    this.#arriving = arriving
    this.#clock = clock
    this.#keys = keys
    this.#due = new Deadline(clock, () => {
      this.#show()
    })
    this.#shown = source.get()
    source.subscribe(this.#moved)
  }

  start(): void {
    this.#endKeys()
    this.#endKeys = this.#keys.subscribe(() => {
      if (this.#waitsSince !== undefined) this.#wait()
    })
  }

  stop(): void {
    this.#endKeys()
    this.#show()
  }

  readonly get = (): ChatState => this.#shown

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  readonly #moved = ({ type }: ChatAction): void => {
    // A field whose message was deleted takes no further key: that would be lost.
    const fieldChanges = this.#source.get().composing !== this.#shown.composing
    // A draft stands in its field already.
    if (fieldChanges || (!this.#arriving() && type !== 'draftChanged')) {
      this.#show()
      return
    }
    if (this.#waitsSince !== undefined) return
    this.#waitsSince = this.#clock.now()
    this.#wait()
  }

  #wait(): void {
    const now = this.#clock.now()
    const since = this.#waitsSince ?? now
    this.#due.set(Math.max(0, this.#dueAt(now, since) - now))
  }

  #dueAt(now: number, since: number): number {
    const sinceKey = now - this.#keys.lastKeyAt()
    if (sinceKey >= pauseMs) return since + togetherMs
    // Too late after the last key the next one is near: what waits is drawn after that, or when a pause is made.
    const inGap = sinceKey <= afterKeyMs ? now - sinceKey + afterKeyMs : now - sinceKey + pauseMs
    return Math.min(inGap, since + waitMaxMs)
  }

  readonly #show = (): void => {
    this.#due.clear()
    this.#waitsSince = undefined
    const state = this.#source.get()
    if (state === this.#shown) return
    this.#shown = state
    for (const listener of [...this.#listeners]) listener()
  }
}
