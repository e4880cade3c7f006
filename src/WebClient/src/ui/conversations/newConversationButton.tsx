import { lazy, Suspense, useState } from 'react'
import { usePermission, useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'

const NewConversation = lazy(() => import('./newConversation').then((module) => ({ default: module.NewConversation })))

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
        <Suspense>
          <NewConversation
            direct={direct}
            group={group}
            onClose={() => {
              setOpen(false)
            }}
          />
        </Suspense>
      )}
    </>
  )
}
