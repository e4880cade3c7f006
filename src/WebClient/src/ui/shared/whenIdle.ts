/** Browsers without a word for it are given time to paint first. */
const fallbackMs = 200

/** Runs it when the page has nothing else to do; the answer takes it back. */
export function whenIdle(run: () => void): () => void {
  if ('requestIdleCallback' in window) {
    const handle = window.requestIdleCallback(run)
    return () => {
      window.cancelIdleCallback(handle)
    }
  }
  const timer = setTimeout(run, fallbackMs)
  return () => {
    clearTimeout(timer)
  }
}
