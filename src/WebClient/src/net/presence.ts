import type { Store } from '../model/store'
import type { Answer, ManualStatus, Me, ServerEvent } from '../protocol/wire'
import type { Calls, Feature } from './calls'
import type { Clock } from './clock'
import { Paced } from './paced'

/** The server takes no more people of one session. */
export const watchedMax = 200

/** Rows that come into view together are asked for together; the rate leaves room for a chosen status. */
const watchPace = { collectMs: 60, everyMs: 700 }

export const activityEveryMs = 30_000

/**
 * Who is there: tells the server of whom this page shows it and that somebody is at this page, and keeps what it says.
 * Nobody is watched but those who are looked at (P6).
 */
export class PresenceWatch implements Feature {
  readonly #store: Store
  readonly #calls: Calls
  readonly #clock: Clock
  /** How many places show a person; the last that came stands last. */
  readonly #shown = new Map<string, number>()
  readonly #watch: Paced
  /** What the server has; undefined when it may have something else. */
  #asked: readonly string[] | undefined = []
  #running = false
  #welcome = false
  #activeAt = -Infinity

  constructor(store: Store, calls: Calls, clock: Clock) {
    this.#store = store
    this.#calls = calls
    this.#clock = clock
    this.#watch = new Paced(clock, watchPace, () => void this.#ask())
  }

  /** Somewhere a person's presence is shown; the answer ends it. */
  shows(userId: string): () => void {
    const before = this.#shown.get(userId) ?? 0
    this.#shown.delete(userId)
    this.#shown.set(userId, before + 1)
    if (before === 0) this.#want()
    let ended = false
    return () => {
      if (ended) return
      ended = true
      const left = (this.#shown.get(userId) ?? 1) - 1
      if (left > 0) {
        this.#shown.set(userId, left)
        return
      }
      this.#shown.delete(userId)
      this.#want()
    }
  }

  /** There was input at this page, or it was shown. Told at once, then at most every 30 s (P2). */
  active(): void {
    const now = this.#clock.now()
    if (!this.#welcome || now - this.#activeAt < activityEveryMs) return
    this.#activeAt = now
    void this.#calls.ask('Activity', {})
  }

  async setStatus(status: ManualStatus, until?: string): Promise<Answer<{ me: Me }>> {
    return this.#chosen(await this.#calls.ask('SetStatus', { status, ...(until === undefined ? {} : { until }) }))
  }

  async setShowTyping(showTyping: boolean): Promise<Answer<{ me: Me }>> {
    return this.#chosen(await this.#calls.ask('SetPreferences', { showTyping }))
  }

  synchronised(): void {
    this.#running = true
    // After `resync` packets may be missing, after a connect the server knows of nobody.
    this.#asked = []
    this.#want()
  }

  lost(): void {
    this.#running = false
    this.#welcome = false
    this.#activeAt = -Infinity
    this.#watch.cancel()
    this.#asked = []
    this.#store.dispatch({ type: 'presenceLost', now: this.#clock.now() })
  }

  received(event: ServerEvent): void {
    if (event.type === 'welcome') this.#welcome = true
    if (event.type !== 'presence') return
    this.#store.dispatch({ type: 'presenceHeard', presence: event.changes, now: this.#clock.now() })
  }

  stop(): void {
    this.lost()
  }

  #want(): void {
    if (this.#running) this.#watch.want()
  }

  async #ask(): Promise<void> {
    const users = [...this.#shown.keys()].slice(-watchedMax)
    if (!this.#running || (this.#asked !== undefined && sameSet(users, this.#asked))) return
    this.#asked = users
    this.#store.dispatch({ type: 'presenceAsked', users, now: this.#clock.now() })
    const answer = await this.#calls.ask('Watch', { users })
    if (answer.ok) {
      if (users.length > 0) this.#store.dispatch({ type: 'presenceHeard', presence: answer.presence, now: this.#clock.now() })
    } else if (answer.error.code === 'rateLimited') {
      this.#asked = undefined
      this.#watch.want(answer.error.retryAfterMs)
    }
    // After any other error the server watches all the same, and tells what it could not answer as events.
  }

  #chosen(answer: Answer<{ me: Me }>): Answer<{ me: Me }> {
    if (answer.ok) this.#store.dispatch({ type: 'statusChosen', me: answer.me })
    return answer
  }
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const known = new Set(b)
  return a.length === b.length && a.every((item) => known.has(item))
}
