import { memo, useEffect } from 'react'
import { useChat, useClient, useIsOpen, useWords } from '../shared/hooks'
import { useNotices } from '../shared/notices'
import { EditWriter } from './editWriter'
import { NewWriter } from './newWriter'

/** Where somebody writes: a new message of this conversation, or a new text of one of their own. */
export const Composer = memo(function Composer({ conversationId, title }: { conversationId: string; title: string }) {
  const { t } = useWords()
  const group = useChat((state) => state.conversations.get(conversationId)?.summary?.kind === 'group')
  // What is asked about an edit is asked while it is looked at.
  const editing = useChat((state) => (state.open?.id === conversationId ? state.composing.get(conversationId)?.editing : undefined))
  const placeholder = t('composer.placeholder', { title })
  return (
    <div className="composer">
      <DraftWords conversationId={conversationId} />
      {editing === undefined ? (
        <NewWriter conversationId={conversationId} group={group} placeholder={placeholder} />
      ) : (
        <EditWriter key={`${conversationId} ${editing.seq}`} conversationId={conversationId} group={group} message={editing} placeholder={placeholder} />
      )}
    </div>
  )
})

/** Drafts that took in another text are told of. */
function DraftWords({ conversationId }: { conversationId: string }) {
  const { drafts } = useClient()
  const notices = useNotices()
  const { t } = useWords()
  const isOpen = useIsOpen(conversationId)
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
  return null
}
