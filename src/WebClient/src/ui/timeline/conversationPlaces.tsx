import { memo, useEffect, useState } from 'react'
import { keepRecent } from '../../model/recentVisits'
import { useChat, useConnected, useWords } from '../shared/hooks'
import { later } from '../shared/later'
import { whenIdle } from '../shared/whenIdle'
import { ConversationAwaited, ConversationNotLoaded } from './conversationAwaited'

/** A large part of the client, and the list needs none of it: that is used while this is loaded. */
const ConversationView = later(
  loadConversations,
  ({ visit, isOpen }, retry) => isOpen && <ConversationNotLoaded conversationId={visit.id} onRetry={retry} />,
  ({ visit, isOpen }) => isOpen && <ConversationAwaited conversationId={visit.id} />,
)

async function loadConversations() {
  const { ConversationView, warmUp } = await import('./conversationView')
  whenIdle(warmUp)
  return ConversationView
}

export const { preload: preloadConversations, isLoaded: areConversationsLoaded } = ConversationView

/**
 * The open conversation. Those that were open before stay on the page, out of sight and laid out as they were, and the next one
 * is made ready beside it: whoever goes from one to the other waits for nothing to be built.
 */
export const ConversationPlaces = memo(function ConversationPlaces() {
  const { t } = useWords()
  const open = useChat((state) => state.open)
  const next = useChat((state) => state.next)
  const [recent, setRecent] = useState<ReturnType<typeof keepRecent>>([])
  const isKept = (id: string) => recent.some(({ visit }) => visit.id === id)
  // The open one first: it never makes room for what is only looked at.
  const wanted = [open, next !== undefined && isKept(next.id) ? next : undefined].filter((each) => each !== undefined)
  if (wanted.some((each) => !recent.some(({ visit }) => visit === each))) setRecent(wanted.reduce(keepRecent, recent))
  useFocusLeft(open?.id)
  usePreload(open?.id)
  const places = recent.map(({ visit }) => visit)
  // What was never open takes nobody's place, and is gone when something else is expected.
  if (next !== undefined && !isKept(next.id)) places.push(next)
  return (
    <div className="conversation-places">
      {places.map((visit) => (
        <ConversationView key={visit.id} visit={visit} isOpen={visit.id === open?.id} isNext={visit.id === next?.id} />
      ))}
      {open === undefined && (
        <main className="conversation conversation-none">
          <h1 className="unseen">{t('shell.title')}</h1>
          <p className="page-hint">{t('shell.none')}</p>
        </main>
      )}
    </div>
  )
})

/** What could not be loaded is tried again whenever there is a reason to. */
function usePreload(openId: string | undefined): void {
  const connected = useConnected()
  useEffect(() => {
    if (connected && openId !== undefined) void preloadConversations()
  }, [connected, openId])
}

/** What is typed is no longer for the conversation that was left; who takes no focus for the opened one leaves it to the page. */
function useFocusLeft(openId: string | undefined): void {
  useEffect(() => {
    const { activeElement } = document
    if (!(activeElement instanceof HTMLElement) || activeElement.closest('.conversation[aria-hidden=true]') === null) return
    // A question takes the focus along when it goes.
    if (activeElement.closest('dialog') === null) activeElement.blur()
  }, [openId])
}
