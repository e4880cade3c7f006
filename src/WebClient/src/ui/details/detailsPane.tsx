import { useState } from 'react'
import type { ConversationState, Summary } from '../../model/conversation'
import { conversationTitle } from '../conversations/titles'
import { Ask } from '../shared/ask'
import { useChat, useClient, usePermission, useWords } from '../shared/hooks'
import { useRoute, useRouter } from '../shell/route'
import { PaneFrame } from '../shell/sidePane'
import { MemberList } from './memberList'
import { NotificationChoice } from './notificationChoice'
import { useRefusal } from './useRefusal'

/** What a conversation is, who belongs to it, and what of it I want to hear. */
export function DetailsPane() {
  const { t } = useWords()
  const { conversationId = '' } = useRoute()
  const conversation = useChat((state) => state.conversations.get(conversationId))
  const { summary } = conversation ?? {}

  return (
    <PaneFrame title={t('details.title')}>
      <div className="pane-body">
        {conversation !== undefined && summary !== undefined && <DetailsParts conversation={conversation} summary={summary} />}
      </div>
    </PaneFrame>
  )
}

/** Of each conversation its own, whatever it is called: what was begun in one does not go on in another. */
export function DetailsParts({ conversation, summary }: { conversation: ConversationState; summary: Summary }) {
  const { id, kind, title } = summary
  return (
    <>
      {kind === 'group' && <GroupName key={`name ${id} ${title}`} summary={summary} />}
      <NotificationChoice key={`notifications ${id}`} conversation={conversation} summary={summary} />
      {kind === 'group' && <MemberList key={`members ${id}`} conversation={conversation} />}
      {kind === 'group' && <LeaveButton key={`leave ${id}`} conversation={conversation} />}
    </>
  )
}

function GroupName({ summary }: { summary: Summary }) {
  const { t } = useWords()
  const client = useClient()
  const refuse = useRefusal()
  const mayRename = usePermission('chat.group.rename')
  const [title, setTitle] = useState(summary.title ?? '')
  const wanted = title.trim()

  return (
    <form
      className="details-part"
      onSubmit={(event) => {
        event.preventDefault()
        if (wanted === '' || wanted === summary.title) return
        void client.groups.rename(summary.id, wanted).then((answer) => {
          if (!answer.ok) refuse(answer.error.code)
        })
      }}
    >
      <label className="field">
        {t('details.name')}
        <input
          type="text"
          dir="auto"
          placeholder=" "
          readOnly={!mayRename}
          value={title}
          maxLength={128}
          onChange={(event) => {
            setTitle(event.target.value)
          }}
        />
      </label>
      {mayRename && wanted !== '' && wanted !== summary.title && (
        <button type="submit" className="primary">
          {t('details.rename')}
        </button>
      )}
    </form>
  )
}

function LeaveButton({ conversation }: { conversation: ConversationState }) {
  const words = useWords()
  const { t } = words
  const client = useClient()
  const router = useRouter()
  const refuse = useRefusal()
  const me = useChat((state) => state.me.userId)
  const [asking, setAsking] = useState(false)
  const leave = () => {
    void client.groups.leave(conversation.id).then((answer) => {
      if (answer.ok) router.go({})
      else refuse(answer.error.code)
    })
  }
  return (
    <div className="details-part">
      <button
        type="button"
        className="danger"
        onClick={() => {
          setAsking(true)
        }}
      >
        {t('details.leave')}
      </button>
      {asking && (
        <Ask
          title={t('details.leave')}
          text={t('details.leaveAsk', { title: conversationTitle(conversation, me, words) })}
          confirm={t('details.leave')}
          onConfirm={leave}
          onClose={() => {
            setAsking(false)
          }}
        />
      )}
    </div>
  )
}
