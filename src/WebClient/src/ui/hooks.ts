import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import type { ChatState } from '../model/chatState'
import type { ChatClient } from '../net/chatClient'
import type { ReconnectState } from '../net/reconnect'
import type { UserActivity } from './userActivity'

export const ClientContext = createContext<ChatClient | undefined>(undefined)

export const ActivityContext = createContext<UserActivity | undefined>(undefined)

export function useActivity(): UserActivity {
  const activity = useContext(ActivityContext)
  if (activity === undefined) throw new Error('Nothing around this component tells whether somebody is there.')
  return activity
}

export function useClient(): ChatClient {
  const client = useContext(ClientContext)
  if (client === undefined) throw new Error('No chat client around this component.')
  return client
}

export function useChat(): ChatState {
  const { store } = useClient()
  return useSyncExternalStore(store.subscribe, store.get)
}

export function useConnection(): ReconnectState {
  const client = useClient()
  return useSyncExternalStore(client.subscribeToConnection, client.connectionState)
}

/** The time, moving on every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now())
    }, everyMs)
    return () => {
      clearInterval(timer)
    }
  }, [everyMs])
  return now
}

/** The value as it was when it last stood still for so long. */
export function useDebounced<T>(value: T, delayMs: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(value)
    }, delayMs)
    return () => {
      clearTimeout(timer)
    }
  }, [value, delayMs])
  return settled
}
