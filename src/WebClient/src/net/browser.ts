import { systemClock } from './clock'
import type { Surroundings } from './connection'
import type { Socket } from './hubConnection'
import type { WatchStorage } from './outboxStorage'
import { routeBase } from './routeBase'
import { readSession } from './sessionApi'

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
