import type { Clock } from '../net/clock'

type Timer = { due: number; order: number; run: () => void }

/** A clock that stands still until a test advances it. */
export class FakeClock implements Clock {
  #now: number
  #order = 0
  readonly #timers = new Set<Timer>()

  constructor(now = Date.UTC(2026, 0, 5, 9)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { due: this.#now + Math.max(0, delayMs), order: this.#order++, run }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** What somebody does to a machine's time: timers that run are not moved by it. */
  setBack(byMs: number): void {
    this.#now -= byMs
    for (const timer of this.#timers) timer.due -= byMs
  }

  get pending(): number {
    return this.#timers.size
  }

  /** Runs what falls due on the way, in order, and lets promises settle after each. */
  async advance(byMs: number): Promise<void> {
    const end = this.#now + byMs
    await settle()
    for (;;) {
      const next = [...this.#timers]
        .filter((timer) => timer.due <= end)
        .sort((a, b) => a.due - b.due || a.order - b.order)[0]
      if (next === undefined) break
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.due)
      next.run()
      await settle()
    }
    this.#now = end
  }
}

/** Lets everything that only waits for promises happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 25; turn++) await Promise.resolve()
}
