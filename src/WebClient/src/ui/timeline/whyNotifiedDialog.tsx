import { useEffect, useState } from 'react'
import type { WhyNotified } from '../../net/messages'
import type { Answer } from '../../protocol/wire'
import { useClient, useWords } from '../shared/hooks'
import { Modal } from '../shared/modal'
import { exactWords } from '../shared/times'
import { refusalWords } from './refusals'

type Props = { conversationId: string; seq: number; onClose: () => void }

/** Why a message did or did not notify me, by which rule, and what my devices made of it (N12). */
export function WhyNotifiedDialog({ conversationId, seq, onClose }: Props) {
  const words = useWords()
  const { t } = words
  const client = useClient()
  const [answer, setAnswer] = useState<Answer<WhyNotified>>()

  useEffect(() => {
    let wanted = true
    void client.messages.whyNotified(conversationId, seq).then((read) => {
      if (wanted) setAnswer(read)
    })
    return () => {
      wanted = false
    }
  }, [client, conversationId, seq])

  return (
    <Modal title={t('timeline.whyTitle')} onClose={onClose}>
      {answer === undefined && <p role="status">{t('timeline.whyRead')}</p>}
      {answer?.ok === false && <p role="alert">{refusalWords(answer.error, words)}</p>}
      {answer?.ok === true && <Reasons why={answer} />}
    </Modal>
  )
}

function Reasons({ why }: { why: WhyNotified }) {
  const words = useWords()
  const { t } = words
  return (
    <>
      <p>
        <strong>{t(why.notified ? 'timeline.whyNotified' : 'timeline.whyNotNotified')}</strong> {t('timeline.whyReason', { reason: why.reason })}
      </p>
      {why.notified && (
        <section aria-label={t('timeline.whyDevices')}>
          <h3 className="why-head">{t('timeline.whyDevices')}</h3>
          {why.devices.length === 0 && <p className="muted">{t('timeline.whyNoDevice')}</p>}
          <ul className="why-devices">
            {why.devices.map(({ device, outcome, at }, index) => (
              <li key={index}>
                {t('timeline.whyDeviceAt', { device, time: exactWords(at, words), outcome: t('timeline.whyDevice', { outcome }) })}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
