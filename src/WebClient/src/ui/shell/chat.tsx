import { useEffect } from 'react'
import { ChatList } from '../conversations/chatList'
import { Finder } from '../conversations/finder'
import { NewConversationButton } from '../conversations/newConversationButton'
import { PermissionHint } from '../notifications/permissionHint'
import { useNotifications, useTabBadge } from '../notifications/useNotifications'
import { useChat, useClient, useWords } from '../shared/hooks'
import { NoticesPlace, useNotices } from '../shared/notices'
import { useActivityReports } from '../presence/usePresence'
import { ConversationView } from '../timeline/conversationView'
import { ConnectionBanner } from './connectionBanner'
import { OwnMenu } from './ownMenu'
import { useOverlays } from './shortcuts'
import { ViewButtons } from './viewButtons'
import { preloadPanes, SidePane } from './sidePane'
import { useRoute } from './route'

type Props = { onSignOut: () => Promise<void> }

export function Chat(props: Props) {
  return (
    <NoticesPlace>
      <Panes {...props} />
    </NoticesPlace>
  )
}

/** Sidebar, conversation and the pane beside it; on a narrow screen the one that was opened last. */
function Panes({ onSignOut }: Props) {
  const { t } = useWords()
  const open = useChat((state) => state.open)
  const { pane } = useRoute()
  useRouteInClient()
  useActivityReports()
  useNotifications()
  useEffect(preloadPanes, [])
  useTabBadge()
  const signOut = useSignOut(onSignOut)
  const { overlay, show } = useOverlays()
  const front = pane !== undefined ? 'pane' : open !== undefined ? 'conversation' : 'sidebar'

  return (
    <div className="chat">
      <ConnectionBanner />
      <div className="chat-panes" data-front={front} data-pane={pane !== undefined}>
        <nav className="sidebar" aria-label={t('shell.chats')}>
          <header className="sidebar-head">
            <OwnMenu onSignOut={signOut} />
          </header>
          <ViewButtons onShow={show} />
          <PermissionHint />
          <div className="sidebar-find">
            <Finder />
            <NewConversationButton />
          </div>
          <ChatList />
        </nav>
        {open === undefined ? (
          <main className="conversation conversation-none">
            <h1 className="unseen">{t('shell.title')}</h1>
            <p className="page-hint">{t('shell.none')}</p>
          </main>
        ) : (
          <ConversationView key={open.id} visit={open} />
        )}
        <SidePane />
      </div>
      {overlay}
    </div>
  )
}

/** The address decides which conversation is open. */
function useRouteInClient(): void {
  const client = useClient()
  const route = useRoute()
  const { conversationId, seq } = route
  useEffect(() => {
    if (conversationId === undefined) client.leaveConversation()
    else if (seq === undefined) client.openConversation(conversationId)
    else client.goToMessage(conversationId, seq)
  }, [client, conversationId, seq, route])
}

function useSignOut(onSignOut: () => Promise<void>): () => void {
  const { t } = useWords()
  const client = useClient()
  const notices = useNotices()
  return () => {
    const { outbox } = client.store.get()
    const unsent = outbox.filter((entry) => entry.status.type !== 'sent').length
    if (unsent > 0 && !window.confirm(t('shell.unsent', { count: unsent }))) return
    client.drafts.flush()
    onSignOut().then(
      () => {
        for (const entry of outbox) client.discard(entry.clientId)
        client.drafts.forget()
      },
      () => {
        notices.show({ text: t('shell.signOutFailed'), urgent: true })
      },
    )
  }
}
