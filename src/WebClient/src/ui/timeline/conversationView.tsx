import { useMemo } from 'react'
import type { Visit } from '../../model/chatState'
import { Avatar } from '../shared/avatar'
import { PeerLeftNotice, PeerStatus, usePeerLeft } from '../presence/peerStatus'
import { TypingLine } from '../presence/typingLine'
import { DetailsButton } from '../details/detailsButton'
import { Composer } from '../composer/composer'
import { useChat, useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { useRouter } from '../shell/route'
import { MessageLog } from './messageLog'
import { conversationFace, conversationTitle } from '../conversations/titles'

export function ConversationView({ visit }: { visit: Visit }) {
  const words = useWords()
  const { t } = words
  const router = useRouter()
  const conversation = useChat((state) => state.conversations.get(visit.id))
  const me = useChat((state) => state.me)
  const outbox = useChat((state) => state.outbox)
  const title = conversationTitle(conversation, me.userId, words)
  const pending = useMemo(() => outbox.filter((entry) => entry.conversationId === visit.id), [outbox, visit.id])
  const timeline = conversation?.timeline
  const peerLeft = usePeerLeft(conversation)

  return (
    <main className="conversation" aria-label={title}>
      <header className="conversation-head">
        <IconButton
          icon="back"
          label={t('shared.back')}
          className="back"
          onClick={() => {
            router.go({})
          }}
        />
        <Avatar id={conversationFace(conversation)} name={title} small />
        <div className="conversation-head-words">
          <h1 dir="auto">{title}</h1>
          {conversation !== undefined && <PeerStatus conversation={conversation} />}
        </div>
        {conversation?.summary !== undefined && <DetailsButton />}
      </header>
      {conversation === undefined ? (
        <p className="page-hint">{t('timeline.gone')}</p>
      ) : (
        <>
          {timeline !== undefined && visit.settled ? (
            <MessageLog visit={visit} timeline={timeline} pending={pending} unread={conversation.unread?.unread ?? 0} />
          ) : (
            <div className="log-place">
              <div className="log" role="log" aria-label={t('timeline.messages')} aria-busy="true">
                <p className="page-hint">{t(pending.length > 0 ? 'timeline.waiting' : 'timeline.loading')}</p>
              </div>
            </div>
          )}
          <TypingLine conversationId={visit.id} />
          {peerLeft ? <PeerLeftNotice name={title} /> : <Composer conversationId={visit.id} title={title} />}
        </>
      )}
    </main>
  )
}
