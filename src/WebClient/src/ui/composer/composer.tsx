import { memo, useEffect } from 'react'
import { useChat, useClient, useIsOpen, useWords } from '../shared/hooks'
import { useNotices } from '../shared/notices'
import { EditWriter } from './editWriter'
import { NewWriter } from './newWriter'

/** Where somebody writes: a new message of this conversation, or a new text of one of their own. */
export const Composer = memo(function Composer({ conversationId, title }: { conversationId: string; title: string }) {
  const { t } = useWords()
  const group = useChat((state) => state.conversations.get(conversationId)?.summary?.kind === 'group')
  const editing = useChat((state) => state.composing.get(conversationId)?.editing)
  const isOpen = useIsOpen(conversationId)
  useDraftWords(conversationId, isOpen)
  const placeholder = t('composer.placeholder', { title })
  return (
    <div className="composer">
      {editing === undefined || !isOpen ? (
        <NewWriter conversationId={conversationId} group={group} placeholder={placeholder} />
      ) : (
        <EditWriter key={`${conversationId} ${editing.seq}`} conversationId={conversationId} group={group} message={editing} placeholder={placeholder} />
      )}
    </div>
  )
})

/** What is not on the server yet goes there when the page is hidden; drafts that took in another text are told of. */
function useDraftWords(conversationId: string, isOpen: boolean): void {
  const { drafts } = useClient()
  const notices = useNotices()
  const { t } = useWords()
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
  useEffect(
    () =>
      isOpen
        ? drafts.watchJoined((joined) => {
            if (joined === conversationId) notices.show({ text: t('composer.joined'), forMs: 15_000 })
          })
        : undefined,
    [conversationId, isOpen, drafts, notices, t],
  )
  useEffect(
    () =>
      isOpen
        ? drafts.watchRescued(conversationId, () => {
            notices.show({ text: t('composer.editedGone'), urgent: true })
          })
        : undefined,
    [conversationId, isOpen, drafts, notices, t],
  )
}
