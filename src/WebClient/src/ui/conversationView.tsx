import { useMemo } from 'react'
import type { Visit } from '../model/chatState'
import { Avatar } from './avatar'
import { Composer } from './composer'
import { useChat, useClient } from './hooks'
import { MessageLog } from './messageLog'
import { conversationFace, conversationTitle } from './titles'

export function ConversationView({ visit }: { visit: Visit }) {
  const client = useClient()
  const { conversations, me, outbox } = useChat()
  const conversation = conversations.get(visit.id)
  const title = conversationTitle(conversation, me.userId)
  const pending = useMemo(() => outbox.filter((entry) => entry.conversationId === visit.id), [outbox, visit.id])
  const timeline = conversation?.timeline

  return (
    <main className="conversation" aria-label={title}>
      <header className="conversation-head">
        <button
          type="button"
          className="quiet back"
          aria-label="Back to conversations"
          onClick={() => {
            client.leaveConversation()
          }}
        >
          ‹
        </button>
        <Avatar id={conversationFace(conversation)} name={title} small />
        <h1>{title}</h1>
      </header>
      {conversation === undefined ? (
        <p className="page-hint">You do not belong to this conversation any more.</p>
      ) : (
        <>
          {timeline !== undefined && visit.settled ? (
            <MessageLog visit={visit} timeline={timeline} pending={pending} unread={conversation.unread?.unread ?? 0} />
          ) : (
            <div className="log-place">
              <div className="log" role="log" aria-label="Messages" aria-busy="true">
                <p className="page-hint">{pending.length > 0 ? 'Waiting for the connection…' : 'Loading messages…'}</p>
              </div>
            </div>
          )}
          <Composer conversationId={visit.id} title={title} />
        </>
      )}
    </main>
  )
}
