import type { TabLink } from './tabs'

/** The tabs of one person in this browser. Without Web Locks (an insecure address) every tab leads: better twice than never. */
export function browserTabLink(tenant: string, userId: string): TabLink {
  const name = `chat.tabs/${encodeURIComponent(tenant)}/${encodeURIComponent(userId)}`
  const channel = new BroadcastChannel(name)
  return {
    lead: (onLeading) => {
      if (!('locks' in navigator)) {
        onLeading()
        return () => undefined
      }
      const gaveUp = new AbortController()
      let release: () => void = () => undefined
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      const lead = () => {
        onLeading()
        return held
      }
      navigator.locks.request(name, { signal: gaveUp.signal }, lead).catch(() => {
        // Denied, as in frames of other sites, and not given up: as if there were no locks.
        if (!gaveUp.signal.aborted) onLeading()
      })
      return () => {
        gaveUp.abort()
        release()
      }
    },
    send: (message) => {
      channel.postMessage(message)
    },
    receive: (listen) => {
      const onMessage = ({ data }: MessageEvent) => {
        listen(data)
      }
      channel.addEventListener('message', onMessage)
      return () => {
        channel.removeEventListener('message', onMessage)
        channel.close()
      }
    },
  }
}
