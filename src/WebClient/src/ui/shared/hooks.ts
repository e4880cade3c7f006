import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import type { Words } from '../../i18n/words'
import type { ChatState } from '../../model/chatState'
import type { ChatClient } from '../../net/chatClient'
import type { ReconnectState } from '../../net/reconnect'
import type { Permission } from '../../protocol/wire'
import type { UserActivity } from './userActivity'

export const ClientContext = createContext<ChatClient | undefined>(undefined)

export const ActivityContext = createContext<UserActivity | undefined>(undefined)

export const WordsContext = createContext<Words | undefined>(undefined)

export function useActivity(): UserActivity {
  return useGiven(ActivityContext, 'Nothing around this component tells whether somebody is there.')
}

export function useClient(): ChatClient {
  return useGiven(ClientContext, 'No chat client around this component.')
}

export function useWords(): Words {
  return useGiven(WordsContext, 'No language around this component.')
}

function useGiven<T>(context: React.Context<T | undefined>, problem: string): T {
  const value = useContext(context)
  if (value === undefined) throw new Error(problem)
  return value
}

/**
 * A part of the state. The component is drawn again when this part is another object, not whenever the state moves:
 * `select` must answer the same object for the same state, so make nothing new in it.
 */
export function useChat<T>(select: (state: ChatState) => T): T {
  const { shown } = useClient()
  return useSyncExternalStore(shown.subscribe, () => select(shown.get()))
}

/** Whether a conversation is in front; what is only made ready says nothing and asks nothing. */
export function useIsOpen(conversationId: string): boolean {
  return useChat((state) => state.open?.id === conversationId)
}

export function usePermission(permission: Permission): boolean {
  return useChat((state) => state.permissions.has(permission))
}

export function useConnection(): ReconnectState {
  const client = useClient()
  return useSyncExternalStore(client.subscribeToConnection, client.connectionState)
}

/** Whether the server can be asked now. */
export function useConnected(): boolean {
  const client = useClient()
  return useSyncExternalStore(client.subscribeToConnection, () => client.connectionState().type === 'connected')
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
