import { memo, useState } from 'react'
import type { Visit } from '../../model/chatState'
import type { ConversationState } from '../../model/conversation'
import { PeerLeftNotice, PeerStatus, usePeerLeft } from '../presence/peerStatus'
import { TypingLine } from '../presence/typingLine'
import { DetailsButton } from '../details/detailsButton'
import { Composer } from '../composer/composer'
import { useChat, useWords } from '../shared/hooks'
import { ConversationHead } from './conversationHead'
import { MessageLog } from './messageLog'
import { type LogState, useLogState } from './useLogState'
import { conversationTitle } from '../conversations/titles'

type Props = {
  visit: Visit
  isOpen: boolean
  /** It is probably opened next. */
  isNext: boolean
}

/**
 * Where it stands, for the style sheet: in `front`; laid out as it will be opened (`ready`), or not all of that can be said yet
 * (`awaited`); just `left`, and what has to be done about that waits until there is time; `away`.
 */
type Place = 'front' | 'ready' | 'awaited' | 'left' | 'away'

export const ConversationView = memo(function ConversationView({ visit, isOpen, isNext }: Props) {
  const words = useWords()
  const { t } = words
  const conversation = useChat((state) => state.conversations.get(visit.id))
  const me = useChat((state) => state.me)
  const title = conversationTitle(conversation, me.userId, words)
  const peerLeft = usePeerLeft(conversation)
  const log = useLogState(visit, isOpen, isNext)
  const [entered, setEntered] = useState(isOpen)
  if (isOpen && !entered) setEntered(true)

  return (
    <main className="conversation" aria-label={title} aria-hidden={!isOpen} data-place={placeOf(log, isOpen, isNext)}>
      <Head conversation={conversation} title={title} entered={entered} />
      {conversation === undefined ? (
        <p className="page-hint">{t('timeline.gone')}</p>
      ) : (
        <>
          <Log {...log} />
          <TypingLine conversationId={visit.id} />
          {peerLeft ? <PeerLeftNotice name={title} /> : <Composer conversationId={visit.id} title={title} />}
        </>
      )}
    </main>
  )
})

function placeOf({ visit, timeline, asleep }: LogState, isOpen: boolean, isNext: boolean): Place {
  if (isOpen) return 'front'
  if (!isNext) return asleep ? 'away' : 'left'
  // What is unread moves it when it is opened.
  return timeline !== undefined && visit.settled && visit.dividerSeq === undefined ? 'ready' : 'awaited'
}

type HeadProps = {
  conversation: ConversationState | undefined
  title: string
  /** It was open at least once: whatever is only made ready asks nothing. */
  entered: boolean
}

const Head = memo(function Head({ conversation, title, entered }: HeadProps) {
  const status = entered && conversation !== undefined && <PeerStatus conversation={conversation} />
  return (
    <ConversationHead conversation={conversation} title={title} status={status}>
      {conversation?.summary !== undefined && <DetailsButton />}
    </ConversationHead>
  )
})

function Log({ timeline, ...log }: LogState) {
  const { t } = useWords()
  return (
    <div className="log-place">
      {timeline !== undefined && log.visit.settled ? (
        <MessageLog {...log} timeline={timeline} />
      ) : (
        <div className="log" role="log" aria-label={t('timeline.messages')} aria-busy="true">
          <p className="page-hint">{t(log.pending.length > 0 ? 'timeline.waiting' : 'timeline.loading')}</p>
        </div>
      )}
    </div>
  )
}

// Comes with it: imported for itself it would be a file of its own.
export { warmUpMarkdown as warmUp } from '../text/markdown'
