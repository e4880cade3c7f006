import { memo, useEffect } from 'react'
import { ChatList } from '../conversations/chatList'
import { Finder } from '../conversations/finder'
import { NewConversationButton } from '../conversations/newConversationButton'
import { PermissionHint } from '../notifications/permissionHint'
import { useNotifications, useTabBadge } from '../notifications/useNotifications'
import { useChat, useClient, useWords } from '../shared/hooks'
import { useNarrow } from '../shared/narrow'
import { NoticesPlace } from '../shared/notices'
import { whenIdle } from '../shared/whenIdle'
import { useActivityReports } from '../presence/usePresence'
import { ConversationPlaces, preloadConversations } from '../timeline/conversationPlaces'
import { ConnectionBanner } from './connectionBanner'
import { OwnMenu } from './ownMenu'
import { type Overlay, useOverlays } from './shortcuts'
import { ViewButtons } from './viewButtons'
import { preloadPanes, SidePane } from './sidePane'
import { useSignOut } from './useSignOut'
import { usePane, useRouter } from './route'

/** `undefined`: whoever shows the chat decides who is signed in. */
type Props = { onSignOut: (() => Promise<void>) | undefined }

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
  const pane = usePane()
  const { overlay, show } = useOverlays()
  const front = pane !== undefined ? 'pane' : isOpen ? 'conversation' : 'sidebar'
  const alone = useNarrow() && front === 'sidebar'

  return (
    <div className="chat">
      <ConnectionBanner />
      <div className="chat-panes" data-front={front} data-pane={pane !== undefined}>
        <Sidebar onSignOut={onSignOut} onShow={show} alone={alone} />
        <ConversationPlaces />
        <SidePane />
      </div>
      {overlay}
    </div>
  )
}

type SidebarProps = Props & {
  onShow: (overlay: Overlay) => void
  /** Nothing else is shown: it is the page's main part. */
  alone: boolean
}

/** Each part of it looks at what concerns it: it is not drawn again for what happens beside it. */
const Sidebar = memo(function Sidebar({ onSignOut, onShow, alone }: SidebarProps) {
  const { t } = useWords()
  const { signOut, question } = useSignOut(onSignOut)
  return (
    <div className="sidebar-place" role={alone ? 'main' : undefined}>
      {alone && <h1 className="unseen">{t('shell.title')}</h1>}
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
      {question}
    </div>
  )
})

/** What goes on around the panes, and draws nothing in them. */
function Surroundings() {
  useRouteInClient()
  useActivityReports()
  useNotifications()
  useTabBadge()
  useDraftsOfHiddenPage()
  useEffect(preloadPanes, [])
  useEffect(() => whenIdle(() => void preloadConversations()), [])
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

/** What is not on the server yet goes there when the page is hidden: it may never be shown again. */
function useDraftsOfHiddenPage(): void {
  const { drafts } = useClient()
  useEffect(() => {
    const leave = () => {
      if (document.visibilityState === 'hidden') drafts.flush()
    }
    document.addEventListener('visibilitychange', leave)
    window.addEventListener('pagehide', leave)
    return () => {
      document.removeEventListener('visibilitychange', leave)
      window.removeEventListener('pagehide', leave)
    }
  }, [drafts])
}
