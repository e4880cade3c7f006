import { useState } from 'react'
import { lastOwn } from '../../model/ownMessages'
import type { Message } from '../../protocol/wire'
import { useChat, useClient, useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { useNotices } from '../shared/notices'
import { useDnd } from './useDnd'

/** Before sending: who is named and asks not to be disturbed (N6). */
export function DndHint({ userIds }: { userIds: readonly string[] }) {
  const { t } = useWords()
  const words = useDndWords(userIds)
  return (
    <div role="status">
      {words !== undefined && (
        <p className="composer-hint">
          {t('composer.dnd', words)} {t('composer.dndHint')}
        </p>
      )}
    </div>
  )
}

/** After sending: my last message may insist, once an hour (N6). */
export function NotifyNow({ conversationId }: { conversationId: string }) {
  // What was written before this visit is nobody's concern any more.
  const startedAt = useChat((state) => state.conversations.get(conversationId)?.summary?.head.seq ?? 0)
  const [since] = useState(startedAt)
  const [doneSeq, setDoneSeq] = useState(0)
  const message = useChat((state) => lastOwn(state, conversationId))
  if (message === undefined || message.seq <= Math.max(since, doneSeq) || message.mentions === undefined) return null
  const done = () => {
    setDoneSeq(message.seq)
  }
  return <Insist key={message.seq} conversationId={conversationId} message={message} userIds={message.mentions.users} onDone={done} />
}

type InsistProps = { conversationId: string; message: Message; userIds: readonly string[]; onDone: () => void }

function Insist({ conversationId, message, userIds, onDone }: InsistProps) {
  const client = useClient()
  const notices = useNotices()
  const { t, list } = useWords()
  const names = useChat((state) => state.names)
  const words = useDndWords(userIds)
  const [asking, setAsking] = useState(false)
  if (words === undefined) return null

  const insist = async () => {
    setAsking(true)
    const answer = await client.messages.notifyNow(conversationId, message.seq)
    setAsking(false)
    if (!answer.ok) {
      notices.show({ text: t('shared.refused', { code: answer.error.code }), urgent: true })
      return
    }
    onDone()
    const { notified } = answer
    const told = { names: list(notified.map((userId) => names.get(userId) ?? userId)), count: notified.length }
    notices.show({ text: notified.length > 0 ? t('composer.notified', told) : t('composer.notifiedTooSoon') })
  }

  return (
    <div className="composer-notice" role="status">
      <span>{t('composer.dnd', words)}</span>
      <button type="button" disabled={asking} onClick={() => void insist()}>
        {t('composer.notifyNow')}
      </button>
      <IconButton icon="close" label={t('shared.close')} onClick={onDone} />
    </div>
  )
}

function useDndWords(userIds: readonly string[]): { names: string; count: number } | undefined {
  const { list } = useWords()
  const names = useChat((state) => state.names)
  const dnd = useDnd(userIds)
  return dnd.length === 0 ? undefined : { names: list(dnd.map((userId) => names.get(userId) ?? userId)), count: dnd.length }
}
