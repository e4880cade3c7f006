import type { Clock } from './clock'

/** Something to do at a time that is put off again and again, with every key for one: that sets no new timer. */
export class Deadline {
  readonly #clock: Clock
  readonly #run: () => void
  #at: number | undefined
  #delayMs = 0
  #timer: { due: number; cancel: () => void } | undefined

  constructor(clock: Clock, run: () => void) {
    this.#clock = clock
    this.#run = run
  }

  get isSet(): boolean {
    return this.#at !== undefined
  }

  /** In so many milliseconds from now, whatever was set before. */
  set(delayMs: number): void {
    this.#delayMs = delayMs
    this.#at = this.#clock.now() + delayMs
    if (this.#timer !== undefined && this.#timer.due <= this.#at) return
    this.#timer?.cancel()
    this.#wait(this.#at, delayMs)
  }

  clear(): void {
    this.#at = undefined
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #wait(due: number, delayMs: number): void {
    this.#timer = { due, cancel: this.#clock.after(delayMs, this.#come) }
  }

  readonly #come = () => {
    this.#timer = undefined
    if (this.#at === undefined) return
    const left = this.#at - this.#clock.now()
    // More than it was set for: the clock was set back, which makes nobody wait longer.
    if (left > 0 && left <= this.#delayMs) {
      this.#wait(this.#at, left)
      return
    }
    this.#at = undefined
    this.#run()
  }
}
