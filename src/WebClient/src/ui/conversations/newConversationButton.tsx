import { useState } from 'react'
import { usePermission, useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { laterDialog } from '../shared/later'

const NewConversation = laterDialog(async () => (await import('./newConversation')).NewConversation)

/** Begins a conversation; not there for whose role may begin none. */
export function NewConversationButton() {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const direct = usePermission('chat.dm.start')
  const group = usePermission('chat.group.create')
  if (!direct && !group) return null
  return (
    <>
      <IconButton
        icon="add"
        label={t('conversations.begin')}
        onClick={() => {
          setOpen(true)
        }}
      />
      {open && (
        <NewConversation
          direct={direct}
          group={group}
          onClose={() => {
            setOpen(false)
          }}
        />
      )}
    </>
  )
}
