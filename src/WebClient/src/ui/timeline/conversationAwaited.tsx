import { type ReactNode, useEffect } from 'react'
import { conversationTitle } from '../conversations/titles'
import { useChat, useClient, useWords } from '../shared/hooks'
import { NotLoaded } from '../shared/later'
import { ConversationHead } from './conversationHead'

/** In the place of a conversation as long as what shows conversations is being loaded. */
export function ConversationAwaited({ conversationId }: { conversationId: string }) {
  const { t } = useWords()
  return (
    <Frame conversationId={conversationId}>
      <div className="log" role="log" aria-label={t('timeline.messages')} aria-busy="true">
        <p className="page-hint">{t('timeline.loading')}</p>
      </div>
    </Frame>
  )
}

/** And when it could not be loaded. */
export function ConversationNotLoaded({ conversationId, onRetry }: { conversationId: string; onRetry: () => void }) {
  return (
    <Frame conversationId={conversationId}>
      <NotLoaded onRetry={onRetry} />
    </Frame>
  )
}

function Frame({ conversationId, children }: { conversationId: string; children: ReactNode }) {
  const client = useClient()
  const words = useWords()
  const conversation = useChat((state) => state.conversations.get(conversationId))
  const me = useChat((state) => state.me)
  const title = conversationTitle(conversation, me.userId, words)
  useEffect(() => client.hidesOpen(), [client])
  return (
    <main className="conversation" aria-label={title} data-place="front">
      <ConversationHead conversation={conversation} title={title} />
      {children}
    </main>
  )
}
