import { type ReactNode, useCallback, useId, useState } from 'react'
import { lastOwn } from '../../model/ownMessages'
import type { Message } from '../../protocol/wire'
import { useChat, useClient, useIsOpen, useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { mentionText } from '../text/mentionText'
import { AskWide } from './askWide'
import type { MentionRange } from './mentionRanges'
import { DndHint, NotifyNow } from './notDisturbed'
import { NotTold } from './notTold'
import { Writer } from './writer'

type Props = { conversationId: string; group: boolean; placeholder: string }

export function NewWriter({ conversationId, group, placeholder }: Props) {
  const client = useClient()
  const { t } = useWords()
  const replyTo = useChat((state) => state.composing.get(conversationId)?.replyTo)
  const replyId = useId()
  const { store } = client
  const [mentioned, setMentioned] = useState<readonly string[]>([])

  const onMentions = useCallback((mentions: readonly MentionRange[]) => {
    setMentioned((before) => {
      const now = [...new Set(mentions.flatMap(({ target }) => (target.type === 'person' ? [target.userId] : [])))]
      return now.length === before.length && now.every((userId, index) => userId === before[index]) ? before : now
    })
  }, [])

  const dropReply = () => {
    store.dispatch({ type: 'replyDropped', conversationId })
  }

  return (
    <>
      <WhileOpen conversationId={conversationId}>
        <NotTold conversationId={conversationId} />
        <NotifyNow conversationId={conversationId} />
        <AskWide conversationId={conversationId} />
      </WhileOpen>
      <Writer
        conversationId={conversationId}
        group={group}
        draftKey={conversationId}
        placeholder={placeholder}
        sendLabel={t('composer.send')}
        describedBy={replyTo === undefined ? undefined : replyId}
        answers={replyTo?.seq}
        onMentions={onMentions}
        onSend={(text) => {
          client.write(conversationId, text)
        }}
        onLeave={() => {
          if (replyTo === undefined) return false
          dropReply()
          return true
        }}
        onRecall={() => {
          const message = lastOwn(store.get(), conversationId)
          if (message === undefined) return false
          store.dispatch({ type: 'editChosen', conversationId, message })
          return true
        }}
      >
        {replyTo !== undefined && <ReplyBar id={replyId} message={replyTo} onDrop={dropReply} />}
      </Writer>
      {mentioned.length > 0 && (
        <WhileOpen conversationId={conversationId}>
          <DndHint userIds={mentioned} />
        </WhileOpen>
      )}
    </>
  )
}

/** What is only made ready, or was left, says nothing and asks nothing. */
function WhileOpen({ conversationId, children }: { conversationId: string; children: ReactNode }) {
  return useIsOpen(conversationId) ? children : null
}

function ReplyBar({ id, message, onDrop }: { id: string; message: Message; onDrop: () => void }) {
  const { t } = useWords()
  const names = useChat((state) => state.names)
  const { author, text } = message
  return (
    <div className="composer-context">
      <div id={id} className="composer-quote">
        <strong>{t('composer.replying', { name: names.get(author.userId) ?? author.name })}</strong>
        <p dir="auto">{mentionText(text, names)}</p>
      </div>
      <IconButton icon="close" label={t('composer.dropReply')} onClick={onDrop} />
    </div>
  )
}
