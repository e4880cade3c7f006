/** A message counts as displayed after so long in view: passing by in scrolling is not reading. */
export const displayedAfterMs = 1_000

/**
 * Which message was really displayed: at least half in view for a second on end, while the tab is visible and its
 * window has the focus. Pure: whoever uses it says what the time is and comes back at `nextAt`.
 */
export type DisplayTracker = {
  attentive: boolean
  /** Rows in view, with the time since which somebody could read them. */
  inView: ReadonlyMap<number, number>
  highestDisplayed: number
}

export const nothingDisplayed: DisplayTracker = { attentive: false, inView: new Map(), highestDisplayed: 0 }

export function rowsMoved(
  tracker: DisplayTracker,
  rows: readonly { seq: number; inView: boolean }[],
  now: number,
): DisplayTracker {
  const inView = new Map(tracker.inView)
  for (const row of rows) {
    if (!row.inView) inView.delete(row.seq)
    else if (!inView.has(row.seq)) inView.set(row.seq, now)
  }
  return { ...tracker, inView }
}

/** Attention that comes back starts every row's second anew. */
export function attentionMoved(tracker: DisplayTracker, attentive: boolean, now: number): DisplayTracker {
  if (tracker.attentive === attentive) return tracker
  return { ...tracker, attentive, inView: new Map([...tracker.inView.keys()].map((seq) => [seq, now])) }
}

export function timePassed(tracker: DisplayTracker, now: number): DisplayTracker {
  if (!tracker.attentive) return tracker
  let highestDisplayed = tracker.highestDisplayed
  for (const [seq, since] of tracker.inView) {
    if (now - since >= displayedAfterMs && seq > highestDisplayed) highestDisplayed = seq
  }
  return highestDisplayed === tracker.highestDisplayed ? tracker : { ...tracker, highestDisplayed }
}

/** When a row in view will have been displayed; undefined when none will. */
export function nextAt(tracker: DisplayTracker): number | undefined {
  if (!tracker.attentive) return undefined
  let next: number | undefined
  for (const [seq, since] of tracker.inView) {
    if (seq > tracker.highestDisplayed && (next === undefined || since + displayedAfterMs < next)) {
      next = since + displayedAfterMs
    }
  }
  return next
}
