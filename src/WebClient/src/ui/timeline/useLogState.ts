import { useEffect, useMemo, useRef, useState } from 'react'
import type { Visit } from '../../model/chatState'
import type { OutboxEntry } from '../../model/outbox'
import type { Timeline } from '../../model/timeline'
import { useChat } from '../shared/hooks'
import { whenIdle } from '../shared/whenIdle'

/** What the log of a conversation shows. */
export type LogState = {
  visit: Visit
  /** `undefined`: it was not read yet. */
  timeline: Timeline | undefined
  pending: readonly OutboxEntry[]
  unread: number
  /** Another conversation is in front: the messages wait, and nothing is done with them. */
  asleep: boolean
}

/** The state as it is, of the conversation in front. What happens in another one is shown when there is nothing else to do. */
export function useLogState(visit: Visit, isOpen: boolean, isNext: boolean): LogState {
  const conversation = useChat((state) => state.conversations.get(visit.id))
  const outbox = useChat((state) => state.outbox)
  const timeline = conversation?.timeline
  const unread = conversation?.unread?.unread ?? 0
  const pending = useMemo(() => outbox.filter((entry) => entry.conversationId === visit.id), [outbox, visit.id])
  const current = useMemo(() => ({ visit, timeline, pending, unread, asleep: !isOpen }), [visit, timeline, pending, unread, isOpen])
  const [shown, setShown] = useState<LogState>(current)
  const waits = shown !== current
  const isEmpty = shown.timeline === undefined || !shown.visit.settled
  if (waits && (isOpen || timeline === undefined || (isNext && isEmpty))) setShown(current)
  const latest = useRef(current)
  useEffect(() => {
    latest.current = current
  })
  useEffect(() => {
    if (!waits) return
    return whenIdle(() => {
      setShown(latest.current)
    })
  }, [waits])
  return shown
}
