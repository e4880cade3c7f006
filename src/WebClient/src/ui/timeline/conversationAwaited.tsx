import type { ReactNode } from 'react'
import { conversationTitle } from '../conversations/titles'
import { useChat, useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { NotLoaded } from '../shared/later'
import { useRouter } from '../shell/route'

/** In the place of a conversation as long as what shows conversations is being loaded. */
export function ConversationAwaited({ conversationId }: { conversationId: string }) {
  const { t } = useWords()
  return (
    <Frame conversationId={conversationId} busy>
      <p className="page-hint" role="status">{t('timeline.loading')}</p>
    </Frame>
  )
}

/** And when it could not be loaded. */
export function ConversationNotLoaded({ conversationId, onRetry }: { conversationId: string; onRetry: () => void }) {
  return (
    <Frame conversationId={conversationId} busy={false}>
      <NotLoaded onRetry={onRetry} />
    </Frame>
  )
}

function Frame({ conversationId, busy, children }: { conversationId: string; busy: boolean; children: ReactNode }) {
  const words = useWords()
  const router = useRouter()
  const conversation = useChat((state) => state.conversations.get(conversationId))
  const me = useChat((state) => state.me)
  const title = conversationTitle(conversation, me.userId, words)
  return (
    <main className="conversation" aria-label={title} aria-busy={busy} data-place="front">
      <header className="conversation-head">
        <IconButton
          icon="back"
          label={words.t('shared.back')}
          className="back"
          onClick={() => {
            router.go({})
          }}
        />
        <h1 dir="auto" tabIndex={-1}>{title}</h1>
      </header>
      {children}
    </main>
  )
}
