import { useEffect } from 'react'
import { presenceOf } from '../../model/presence'
import type { PersonPresence } from '../../protocol/wire'
import { useActivity, useChat, useClient, useConnected } from '../shared/hooks'

/** How a person is seen now; while the component is on the page the person is watched (P6). */
export function usePresence(userId: string): Omit<PersonPresence, 'userId'> {
  const client = useClient()
  const connected = useConnected()
  useEffect(() => client.presence.shows(userId), [client, userId])
  return useChat((state) => presenceOf(state.presence, userId, connected, Date.now()))
}

/** Tells the server that somebody is at this page: when it is shown, and when there is input (P2). */
export function useActivityReports(): void {
  const client = useClient()
  const activity = useActivity()
  const connected = useConnected()
  useEffect(() => {
    const report = () => {
      if (document.visibilityState === 'visible') client.presence.active()
    }
    if (connected) report()
    const end = activity.subscribe(report)
    document.addEventListener('visibilitychange', report)
    return () => {
      end()
      document.removeEventListener('visibilitychange', report)
    }
  }, [client, activity, connected])
}
