import { memo, useEffect } from 'react'
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
import { type Overlay, useOverlays } from './shortcuts'
import { ViewButtons } from './viewButtons'
import { preloadPanes, SidePane } from './sidePane'
import { useRoute, useRouter } from './route'

type Props = { onSignOut: () => Promise<void> }

export function Chat(props: Props) {
  return (
    <NoticesPlace>
      <Surroundings />
      <Panes {...props} />
    </NoticesPlace>
  )
}

/** Sidebar, conversation and the pane beside it; on a narrow screen the one that was opened last. */
function Panes({ onSignOut }: Props) {
  const isOpen = useChat((state) => state.open !== undefined)
  const { pane } = useRoute()
  const { overlay, show } = useOverlays()
  const front = pane !== undefined ? 'pane' : isOpen ? 'conversation' : 'sidebar'

  return (
    <div className="chat">
      <ConnectionBanner />
      <div className="chat-panes" data-front={front} data-pane={pane !== undefined}>
        <Sidebar onSignOut={onSignOut} onShow={show} />
        <OpenConversation />
        <SidePane />
      </div>
      {overlay}
    </div>
  )
}

type SidebarProps = Props & { onShow: (overlay: Overlay) => void }

/** Each part of it looks at what concerns it: it is not drawn again for what happens beside it. */
const Sidebar = memo(function Sidebar({ onSignOut, onShow }: SidebarProps) {
  const { t } = useWords()
  const signOut = useSignOut(onSignOut)
  return (
    <nav className="sidebar" aria-label={t('shell.chats')}>
      <header className="sidebar-head">
        <OwnMenu onSignOut={signOut} />
      </header>
      <ViewButtons onShow={onShow} />
      <PermissionHint />
      <div className="sidebar-find">
        <Finder />
        <NewConversationButton />
      </div>
      <ChatList />
    </nav>
  )
})

const OpenConversation = memo(function OpenConversation() {
  const { t } = useWords()
  const open = useChat((state) => state.open)
  if (open !== undefined) return <ConversationView visit={open} />
  return (
    <main className="conversation conversation-none">
      <h1 className="unseen">{t('shell.title')}</h1>
      <p className="page-hint">{t('shell.none')}</p>
    </main>
  )
})

/** What goes on around the panes, and draws nothing in them. */
function Surroundings() {
  useRouteInClient()
  useActivityReports()
  useNotifications()
  useTabBadge()
  useEffect(preloadPanes, [])
  return null
}

/** The address decides which conversation is open. */
function useRouteInClient(): void {
  const client = useClient()
  const router = useRouter()
  useEffect(() => {
    // With the step itself, not after the page has been drawn for it: both are drawn at once.
    const follow = () => {
      const { conversationId, seq } = router.get()
      if (conversationId === undefined) client.leaveConversation()
      else if (seq === undefined) client.openConversation(conversationId)
      else client.goToMessage(conversationId, seq)
    }
    const end = router.subscribe(follow)
    // After that: the address may have moved while nobody listened.
    follow()
    return end
  }, [client, router])
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
