/** A message counts as displayed after so long in view: passing by in scrolling is not reading. */
export const displayedAfterMs = 1_000

/** So much of a row is a row in view. */
export const halfInView = 0.5

/** Who has done nothing for so long may not be there any more. */
export const activeForMs = 60_000

/**
 * Which message was really displayed: at least half in view for a second on end, while the tab is visible, its window
 * has the focus and somebody is there. Pure: whoever uses it says what the time is and comes back at `nextAt`.
 */
export type DisplayTracker = {
  /** Attention ends by itself; in the past: there is none. */
  attentiveUntil: number
  /** Rows in view, with the time since which somebody could read them. */
  inView: ReadonlyMap<number, number>
  highestDisplayed: number
}

export const nothingDisplayed: DisplayTracker = { attentiveUntil: -Infinity, inView: new Map(), highestDisplayed: 0 }

/** Half of the row; of one that is higher than the view no half is ever in it: then half of the view is enough. */
export function isInView(row: { ratio: number; height: number }, viewHeight: number): boolean {
  return row.ratio >= halfInView || row.height >= viewHeight * halfInView
}

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

/** Until when somebody can be taken to look at the page, as far as is known now. */
export function attentionUntil(page: { visible: boolean; focused: boolean; lastInput: number }): number {
  return page.visible && page.focused ? page.lastInput + activeForMs : -Infinity
}

/** Attention that comes back starts every row's second anew. */
export function attentionMoved(tracker: DisplayTracker, until: number, now: number): DisplayTracker {
  const passed = timePassed(tracker, now)
  const goesOn = now < tracker.attentiveUntil && now < until
  const inView = goesOn ? passed.inView : new Map([...passed.inView.keys()].map((seq) => [seq, now]))
  return { ...passed, attentiveUntil: until, inView }
}

export function timePassed(tracker: DisplayTracker, now: number): DisplayTracker {
  const watched = Math.min(now, tracker.attentiveUntil)
  let highestDisplayed = tracker.highestDisplayed
  for (const [seq, since] of tracker.inView) {
    if (watched - since >= displayedAfterMs && seq > highestDisplayed) highestDisplayed = seq
  }
  return highestDisplayed === tracker.highestDisplayed ? tracker : { ...tracker, highestDisplayed }
}

/** When a row in view will have been displayed; undefined when none will. */
export function nextAt(tracker: DisplayTracker): number | undefined {
  let next: number | undefined
  for (const [seq, since] of tracker.inView) {
    const at = since + displayedAfterMs
    if (seq > tracker.highestDisplayed && at <= tracker.attentiveUntil && (next === undefined || at < next)) next = at
  }
  return next
}
