import { useEffect, useState } from 'react'
import type { Answer, Message, Version } from '../../protocol/wire'
import { useChat, useClient, useWords } from '../shared/hooks'
import { Modal } from '../shared/modal'
import { exactWords } from '../shared/times'
import { RichText } from '../text/richText'
import { refusalWords } from './refusals'

type Props = { conversationId: string; message: Message; onClose: () => void }

/** Everything that a message has said, the newest first (M8). */
export function VersionsDialog({ conversationId, message, onClose }: Props) {
  const words = useWords()
  const { t } = words
  const client = useClient()
  const names = useChat((state) => state.names)
  const [answer, setAnswer] = useState<Answer<{ versions: Version[] }>>()
  const { seq, version } = message

  // Read anew when it is edited while somebody looks.
  useEffect(() => {
    let wanted = true
    void client.messages.versions(conversationId, seq).then((read) => {
      if (wanted) setAnswer(read)
    })
    return () => {
      wanted = false
    }
  }, [client, conversationId, seq, version])

  return (
    <Modal title={t('timeline.versionsTitle')} onClose={onClose} className="modal-wide">
      {answer === undefined && <p role="status">{t('timeline.versionsRead')}</p>}
      {answer?.ok === false && (
        <p role="alert">{answer.error.code === 'forbidden' ? t('timeline.versionsHidden') : refusalWords(answer.error, words)}</p>
      )}
      {answer?.ok === true && (
        <ol className="versions" reversed>
          {answer.versions.toReversed().map(({ version: number, text, time }, index) => (
            <li key={number}>
              <time dateTime={time}>{index === 0 ? t('timeline.versionNow', { time: exactWords(time, words) }) : exactWords(time, words)}</time>
              <RichText text={text} names={names} me={undefined} mentions="any" />
            </li>
          ))}
        </ol>
      )}
    </Modal>
  )
}
