import type { Visit } from '../../model/chatState'
import { Avatar } from '../shared/avatar'
import { PeerLeftNotice, PeerStatus, usePeerLeft } from '../presence/peerStatus'
import { TypingLine } from '../presence/typingLine'
import { DetailsButton } from '../details/detailsButton'
import { Composer } from '../composer/composer'
import { useChat, useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { useRouter } from '../shell/route'
import { Logs } from './logs'
import { conversationFace, conversationTitle } from '../conversations/titles'

/**
 * Stays from one conversation to the next: what is the same in all of them is not built anew. Not open, it is made ready out of
 * everybody's sight.
 */
export function ConversationView({ visit, isOpen }: { visit: Visit; isOpen: boolean }) {
  const words = useWords()
  const { t } = words
  const router = useRouter()
  const conversation = useChat((state) => state.conversations.get(visit.id))
  const me = useChat((state) => state.me)
  const title = conversationTitle(conversation, me.userId, words)
  const peerLeft = usePeerLeft(conversation)

  return (
    <main className="conversation" aria-label={title} aria-hidden={!isOpen} inert={!isOpen}>
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
          <h1 dir="auto" tabIndex={-1}>{title}</h1>
          {isOpen && conversation !== undefined && <PeerStatus conversation={conversation} />}
        </div>
        {conversation?.summary !== undefined && <DetailsButton />}
      </header>
      {conversation === undefined ? (
        <p className="page-hint">{t('timeline.gone')}</p>
      ) : (
        <>
          <Logs visit={visit} isOpen={isOpen} />
          <TypingLine conversationId={visit.id} />
          {peerLeft ? <PeerLeftNotice name={title} /> : <Composer conversationId={visit.id} title={title} />}
        </>
      )}
    </main>
  )
}
