import type { ReactNode } from 'react'
import type { ConversationState } from '../../model/conversation'
import { conversationFace } from '../conversations/titles'
import { Avatar } from '../shared/avatar'
import { useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { useRouter } from '../shell/route'

type Props = {
  conversation: ConversationState | undefined
  title: string
  /** Below the title. */
  status?: ReactNode
  /** At the end. */
  children?: ReactNode
}

/** Which conversation this is; on a narrow page with the way back to the list. */
export function ConversationHead({ conversation, title, status, children }: Props) {
  const { t } = useWords()
  const router = useRouter()
  return (
    <header className="conversation-head">
      <IconButton
        icon="back"
        label={t('shared.back')}
        className="back"
        onClick={() => {
          router.go({})
        }}
      />
      <Avatar id={conversationFace(conversation)} name={title} small />
      <div className="conversation-head-words">
        <h1 className="one-line" dir="auto" tabIndex={-1}>{title}</h1>
        {status}
      </div>
      {children}
    </header>
  )
}
