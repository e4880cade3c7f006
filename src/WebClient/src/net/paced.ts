import type { Clock } from './clock'

/** Runs what is wanted, soon and at most every so often; what is wanted meanwhile is run once, at the end of the wait. */
export class Paced {
  readonly #clock: Clock
  readonly #collectMs: number
  readonly #everyMs: number
  readonly #run: () => void
  #notBefore = -Infinity
  #cancel: (() => void) | undefined

  constructor(clock: Clock, { collectMs, everyMs }: { collectMs: number; everyMs: number }, run: () => void) {
    this.#clock = clock
    this.#collectMs = collectMs
    this.#everyMs = everyMs
    this.#run = run
  }

  /** `atLeastMs`: the server asked to wait so long. */
  want(atLeastMs = 0): void {
    if (this.#cancel !== undefined) return
    const wait = Math.max(this.#collectMs, atLeastMs, this.#notBefore - this.#clock.now())
    if (wait > 0) this.#cancel = this.#clock.after(wait, () => { this.#go(); })
    else this.#go()
  }

  cancel(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #go(): void {
    this.#cancel = undefined
    this.#notBefore = this.#clock.now() + this.#everyMs
    this.#run()
  }
}
