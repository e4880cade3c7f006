import { useEffect, useState } from 'react'
import { useChat, useClient, usePermission, useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { useNotices } from '../shared/notices'

const nobody: readonly string[] = []

/** Who was named and does not belong here: only I see it, and may add them (N4). */
export function NotTold({ conversationId }: { conversationId: string }) {
  const client = useClient()
  const notices = useNotices()
  const { t, list } = useWords()
  const userIds = useChat((state) => state.notTold.get(conversationId)) ?? nobody
  const group = useChat((state) => state.conversations.get(conversationId)?.summary?.kind === 'group')
  const names = useChat((state) => state.names)
  const mayAdd = usePermission('chat.group.members')
  const [adding, setAdding] = useState(false)

  useEffect(() => {
    client.people.need(userIds)
  }, [client, userIds])

  if (userIds.length === 0) return null
  const words = { names: list(userIds.map((userId) => names.get(userId) ?? userId)), count: userIds.length }

  const close = () => {
    client.store.dispatch({ type: 'notToldSeen', conversationId })
  }

  const add = async () => {
    setAdding(true)
    const answer = await client.groups.addMembers(conversationId, userIds)
    setAdding(false)
    if (answer.ok) {
      close()
      notices.show({ text: t('composer.added', words) })
    } else notices.show({ text: t('shared.refused', { code: answer.error.code }), urgent: true })
  }

  return (
    <div className="composer-notice" role="status">
      <span>{t('composer.notTold', words)}</span>
      {group && mayAdd && (
        <button type="button" disabled={adding} onClick={() => void add()}>
          {t('composer.notToldAdd', { count: userIds.length })}
        </button>
      )}
      <IconButton icon="close" label={t('shared.close')} onClick={close} />
    </div>
  )
}
