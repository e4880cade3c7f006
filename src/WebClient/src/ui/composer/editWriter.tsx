import { useId, useState } from 'react'
import { editKey } from '../../model/drafts'
import type { EditResult } from '../../net/editing'
import type { Message } from '../../protocol/wire'
import { useChat, useClient, useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { mentionText } from '../text/mentionText'
import { WideQuestion } from './askWide'
import { Writer } from './writer'

type Props = { conversationId: string; group: boolean; message: Message; placeholder: string }

/** A new text for a message of mine, with the version that it replaces. */
export function EditWriter({ conversationId, group, message, placeholder }: Props) {
  const client = useClient()
  const { t } = useWords()
  const { seq } = message
  const [seen, setSeen] = useState(message)
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<string>()
  const [asked, setAsked] = useState<{ text: string; recipients: number }>()
  const barId = useId()

  const tell = (result: EditResult, text: string) => {
    switch (result.type) {
      case 'saved':
        break
      case 'asks':
        setAsked({ text, recipients: result.recipients })
        break
      case 'stale':
        setSeen(result.message)
        break
      case 'refused':
        setProblem(
          t('composer.notSaved', {
            reason: result.code === 'editClosed' ? t('composer.editClosed') : t('shared.refused', { code: result.code }),
          }),
        )
    }
  }

  const save = async (text: string, wideConfirmed = false) => {
    setSaving(true)
    setProblem(undefined)
    const result = await client.editing.save(conversationId, seen, text, wideConfirmed)
    setSaving(false)
    tell(result, text)
  }

  const cancel = () => {
    client.editing.cancel(conversationId, seq)
  }

  return (
    <>
      {asked !== undefined && (
        <WideQuestion
          recipients={asked.recipients}
          onConfirm={() => {
            setAsked(undefined)
            void save(asked.text, true)
          }}
          onEdit={() => {
            setAsked(undefined)
          }}
        />
      )}
      <Writer
        conversationId={conversationId}
        group={group}
        draftKey={editKey(conversationId, seq)}
        initial={message.text}
        placeholder={placeholder}
        sendLabel={t('composer.save')}
        describedBy={barId}
        busy={saving}
        takesFocus
        onSend={(text) => void save(text)}
        onLeave={() => {
          cancel()
          return true
        }}
      >
        <div className="composer-context">
          <div id={barId} className="composer-quote">
            <strong>{saving ? t('composer.saving') : t('composer.editing')}</strong>
            {seen.version === message.version ? <p className="muted">{t('composer.editHint')}</p> : <Stale message={seen} />}
          </div>
          <IconButton icon="close" label={t('shared.cancel')} onClick={cancel} />
        </div>
        {problem !== undefined && (
          <p className="problem composer-problem" role="alert">
            {problem}
          </p>
        )}
      </Writer>
    </>
  )
}

function Stale({ message }: { message: Message }) {
  const { t } = useWords()
  const names = useChat((state) => state.names)
  return (
    <div role="alert">
      <p>{t('composer.stale')}</p>
      <blockquote dir="auto">{mentionText(message.text, names)}</blockquote>
      <p className="muted">{t('composer.staleHint')}</p>
    </div>
  )
}
