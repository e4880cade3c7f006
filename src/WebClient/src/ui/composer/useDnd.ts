import { useCallback, useEffect } from 'react'
import type { ChatState } from '../../model/chatState'
import { presenceOf } from '../../model/presence'
import { useChat, useClient, useConnected } from '../shared/hooks'

const between = '\n'

/** Who of these people asks not to be disturbed; they are watched for as long as somebody wants to know. */
export function useDnd(userIds: readonly string[]): string[] {
  const client = useClient()
  const connected = useConnected()
  // One value for the same people: the selector and the watching go by it.
  const wanted = userIds.join(between)

  useEffect(() => {
    const ends = split(wanted).map((userId) => client.presence.shows(userId))
    return () => {
      for (const end of ends) end()
    }
  }, [client, wanted])

  const select = useCallback(
    ({ presence }: ChatState) =>
      split(wanted)
        .filter((userId) => presenceOf(presence, userId, connected, Date.now()).state === 'dnd')
        .join(between),
    [wanted, connected],
  )
  return split(useChat(select))
}

function split(joined: string): string[] {
  return joined === '' ? [] : joined.split(between)
}
