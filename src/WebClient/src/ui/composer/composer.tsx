import { memo } from 'react'
import { useChat, useWords } from '../shared/hooks'
import { EditWriter } from './editWriter'
import { NewWriter } from './newWriter'

/** Where somebody writes: a new message of this conversation, or a new text of one of their own. */
export const Composer = memo(function Composer({ conversationId, title }: { conversationId: string; title: string }) {
  const { t } = useWords()
  const group = useChat((state) => state.conversations.get(conversationId)?.summary?.kind === 'group')
  const editing = useChat((state) => state.composing.get(conversationId)?.editing)
  const placeholder = t('composer.placeholder', { title })
  return (
    <div className="composer">
      {editing === undefined ? (
        <NewWriter conversationId={conversationId} group={group} placeholder={placeholder} />
      ) : (
        <EditWriter key={editing.seq} conversationId={conversationId} group={group} message={editing} placeholder={placeholder} />
      )}
    </div>
  )
})
