/** Browsers without a word for it are given time to paint first. */
const fallbackMs = 200

/** A page that is always busy gets to it all the same. */
const waitMaxMs = 1_000

/** Runs it when the page has nothing else to do, within a second; the answer takes it back. */
export function whenIdle(run: () => void): () => void {
  if ('requestIdleCallback' in window) {
    const handle = window.requestIdleCallback(run, { timeout: waitMaxMs })
    return () => {
      window.cancelIdleCallback(handle)
    }
  }
  const timer = setTimeout(run, fallbackMs)
  return () => {
    clearTimeout(timer)
  }
}
