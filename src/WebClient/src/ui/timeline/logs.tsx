import { memo, useEffect, useMemo, useRef, useState } from 'react'
import type { Visit } from '../../model/chatState'
import { keepRecent } from '../../model/recentVisits'
import { useChat, useWords } from '../shared/hooks'
import { whenIdle } from '../shared/whenIdle'
import { MessageLog } from './messageLog'

/**
 * The messages of the open conversation. Those of the last few conversations stay on the page, out of sight and laid out as
 * they were, and those of the next one are laid out behind it: whoever goes from one to the other waits for little to be built.
 */
export function Logs({ visit, isOpen }: { visit: Visit; isOpen: boolean }) {
  const next = useChat((state) => state.next)
  const [recent, setRecent] = useState(() => keepRecent([], visit))
  const missing = [next, visit].filter((each) => each !== undefined).filter((each) => !recent.some((kept) => kept.visit === each))
  if (missing.length > 0) setRecent(missing.reduce(keepRecent, recent))
  return (
    <div className="logs">
      {recent.map(({ visit: kept }) => (
        <Log key={kept.id} visit={kept} inFront={isOpen && kept.id === visit.id} isNext={kept.id === next?.id} />
      ))}
    </div>
  )
}

type Props = { visit: Visit; inFront: boolean; isNext: boolean }

/** One conversation's place. What happens while another is in front is drawn when there is nothing else to do. */
const Log = memo(function Log({ visit, inFront, isNext }: Props) {
  const { t } = useWords()
  const conversation = useChat((state) => state.conversations.get(visit.id))
  const outbox = useChat((state) => state.outbox)
  const timeline = conversation?.timeline
  const unread = conversation?.unread?.unread ?? 0
  const pending = useMemo(() => outbox.filter((entry) => entry.conversationId === visit.id), [outbox, visit.id])
  const current = useMemo(
    () => ({ visit, timeline, pending, unread, asleep: !inFront }),
    [visit, timeline, pending, unread, inFront],
  )
  const [shown, setShown] = useState(current)
  const waits = shown !== current
  const isEmpty = shown.timeline === undefined || !shown.visit.settled
  if (waits && (inFront || timeline === undefined || (isNext && isEmpty))) setShown(current)
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

  return (
    <div className="log-place" data-front={inFront} data-out={!inFront && !isNext && shown.asleep} aria-hidden={!inFront}>
      {shown.timeline !== undefined && shown.visit.settled ? (
        <MessageLog {...shown} timeline={shown.timeline} />
      ) : (
        <div className="log" role="log" aria-label={t('timeline.messages')} aria-busy="true">
          <p className="page-hint">{t(pending.length > 0 ? 'timeline.waiting' : 'timeline.loading')}</p>
        </div>
      )}
    </div>
  )
})
