/**
 * When to connect: a pure state machine. It knows no socket and no timer; `Connection` tells it what happened and does
 * what the state asks for (`connecting`: have a socket; `waiting`: come back at `until`).
 */
export type ReconnectState =
  | { type: 'stopped'; reason: StopReason }
  | { type: 'connecting'; attempt: number }
  | { type: 'connected'; attempt: number; since: number; notBefore: number }
  | { type: 'waiting'; attempt: number; until: number; notBefore: number }

export type StopReason = 'notStarted' | 'signedOut' | 'sessionExpired' | 'refused'

export type ReconnectEvent =
  | { type: 'started' }
  | { type: 'stopped'; reason: StopReason }
  /** The server has registered the session. */
  | { type: 'welcomed' }
  /** The server said that it will not take this session again before some time. */
  | { type: 'askedToWait'; retryAfterMs: number }
  | { type: 'lost' }
  | { type: 'timeReached' }
  /** The network came back, the tab became visible, or the person pressed "retry now". */
  | { type: 'worthTrying' }

/** Upper bounds of the waits: each wait is a random part of its bound, so that a crowd does not come back at once. */
const backoffBoundsMs = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000] as const

/** A connection that lived this long was good; one that ends earlier goes on where the waiting was. */
export const stableAfterMs = 30_000

export const notStarted: ReconnectState = { type: 'stopped', reason: 'notStarted' }

export function backoffBoundMs(attempt: number): number {
  return backoffBoundsMs[Math.min(attempt, backoffBoundsMs.length - 1)] ?? backoffBoundsMs[0]
}

/** `random` is in [0, 1) and is used up by `lost` only. */
export function nextReconnectState(
  state: ReconnectState,
  event: ReconnectEvent,
  now: number,
  random: number,
): ReconnectState {
  switch (event.type) {
    case 'started':
      return state.type === 'stopped' ? { type: 'connecting', attempt: 0 } : state
    case 'stopped':
      return { type: 'stopped', reason: event.reason }
    case 'welcomed':
      return state.type === 'connecting'
        ? { type: 'connected', attempt: state.attempt, since: now, notBefore: now }
        : state
    case 'askedToWait':
      return state.type === 'connected' ? { ...state, notBefore: now + event.retryAfterMs } : state
    case 'lost':
      return afterLoss(state, now, random)
    case 'timeReached':
      return state.type === 'waiting' && now >= state.until ? { type: 'connecting', attempt: state.attempt } : state
    case 'worthTrying':
      if (state.type !== 'waiting') return state
      return now >= state.notBefore
        ? { type: 'connecting', attempt: state.attempt }
        : { ...state, until: state.notBefore }
  }
}

function afterLoss(state: ReconnectState, now: number, random: number): ReconnectState {
  switch (state.type) {
    case 'stopped':
    case 'waiting':
      return state
    case 'connecting':
    case 'connected': {
      const wasStable = state.type === 'connected' && now - state.since >= stableAfterMs
      const attempt = wasStable ? 0 : state.attempt
      const notBefore = state.type === 'connected' ? state.notBefore : now
      // What the server asked for is where the spread begins: a whole gateway's sessions must not come back together.
      const until = Math.max(now, notBefore) + Math.floor(random * backoffBoundMs(attempt))
      return { type: 'waiting', attempt: attempt + 1, until, notBefore }
    }
  }
}
