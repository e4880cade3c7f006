/** Time as the client sees it. Everything that waits takes one of these, so that tests own the time. */
export interface Clock {
  /** Milliseconds since the epoch: only for ages and distances, never for order. */
  now(): number
  /** Runs once after `delayMs`; the answer cancels it. */
  after(delayMs: number, run: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}
