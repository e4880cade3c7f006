import { useEffect } from 'react'
import { mentionsInAll } from '../model/chatList'
import { Avatar } from './avatar'
import { ChatList } from './chatList'
import { ConnectionBanner } from './connectionBanner'
import { ConversationView } from './conversationView'
import { useChat, useClient } from './hooks'
import { PeopleSearch } from './peopleSearch'
import { roleWords } from './words'

export function Chat({ onSignOut }: { onSignOut: () => Promise<void> }) {
  const client = useClient()
  const state = useChat()
  const mentions = mentionsInAll(state)

  useEffect(() => {
    document.title = mentions > 0 ? `(${mentions}) Chat` : 'Chat'
    return () => {
      document.title = 'Chat'
    }
  }, [mentions])

  const confirmSignOut = () => {
    const unsent = state.outbox.filter((entry) => entry.status.type !== 'sent').length
    const question = `${unsent} ${unsent === 1 ? 'message has' : 'messages have'} not been sent. Sign out and discard?`
    if (unsent > 0 && !window.confirm(question)) return
    onSignOut().then(
      () => {
        for (const entry of state.outbox) client.discard(entry.clientId)
      },
      () => {
        window.alert('Signing out did not work. Please try again when the connection is back.')
      },
    )
  }

  return (
    <div className="chat" data-open={state.open !== undefined}>
      <ConnectionBanner />
      <div className="chat-panes">
        <nav className="sidebar" aria-label="Chats">
          <header className="sidebar-head">
            <Avatar id={state.me.userId} name={state.me.name} small />
            <div className="sidebar-me">
              <strong>{state.me.name}</strong>
              <span className="muted">{roleWords(state.me.role)}</span>
            </div>
            <button type="button" className="quiet" onClick={confirmSignOut}>
              Sign out
            </button>
          </header>
          <PeopleSearch />
          <ChatList />
        </nav>
        {state.open === undefined ? (
          <main className="conversation conversation-none">
            <p className="page-hint">Choose a conversation, or find a person to write to.</p>
          </main>
        ) : (
          <ConversationView key={state.open.id} visit={state.open} />
        )}
      </div>
    </div>
  )
}
