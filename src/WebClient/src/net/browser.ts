import { systemClock } from './clock'
import type { Surroundings } from './connection'
import type { Socket } from './hubConnection'
import type { WatchStorage } from './outboxStorage'
import { routeBase } from './routeBase'
import { readSession } from './sessionApi'
import type { WritingKeys } from './shownState'

/** The connection's surroundings in a browser. */
export const browserSurroundings: Surroundings = {
  clock: systemClock,
  random: () => Math.random(),
  openSocket: () => {
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
    return new WebSocket(`${scheme}://${window.location.host}${routeBase}/hub`) as unknown as Socket
  },
  onWorthTrying: (run) => {
    const whenVisible = () => {
      if (document.visibilityState === 'visible') run()
    }
    window.addEventListener('online', run)
    document.addEventListener('visibilitychange', whenVisible)
    return () => {
      window.removeEventListener('online', run)
      document.removeEventListener('visibilitychange', whenVisible)
    }
  },
  isSignedIn: async () => (await readSession()).type !== 'signedOut',
  keys: pageKeys(),
}

/** Keys that go into a text field of this page. */
function pageKeys(): WritingKeys {
  let lastKeyAt = -Infinity
  return {
    lastKeyAt: () => lastKeyAt,
    subscribe: (onKey) => {
      const listen = ({ target }: KeyboardEvent) => {
        if (!(target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement)) return
        lastKeyAt = systemClock.now()
        onKey()
      }
      window.addEventListener('keydown', listen, { capture: true, passive: true })
      return () => {
        window.removeEventListener('keydown', listen, { capture: true })
      }
    },
  }
}

/** The other tabs' changes of `localStorage`. */
export const watchLocalStorage: WatchStorage = (changed) => {
  const listen = ({ key, newValue }: StorageEvent) => {
    changed(key, newValue)
  }
  window.addEventListener('storage', listen)
  return () => {
    window.removeEventListener('storage', listen)
  }
}
