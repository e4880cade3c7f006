import { useChat, useClient, useWords } from '../shared/hooks'
import { Modal } from '../shared/modal'

/** A message of this conversation that would notify many people waits for its author's word (N3). */
export function AskWide({ conversationId }: { conversationId: string }) {
  const client = useClient()
  const entry = useChat((state) =>
    state.outbox.find(
      ({ conversationId: id, status }) => id === conversationId && status.type === 'failed' && status.reason === 'confirmationNeeded',
    ),
  )
  if (entry?.status.type !== 'failed') return null
  return (
    <WideQuestion
      recipients={entry.status.recipients ?? 0}
      onConfirm={() => {
        client.retrySending(entry.clientId)
      }}
      onEdit={() => {
        client.editUnsent(entry.clientId)
      }}
    />
  )
}

type Props = { recipients: number; onConfirm: () => void; onEdit: () => void }

export function WideQuestion({ recipients, onConfirm, onEdit }: Props) {
  const { t } = useWords()
  return (
    <Modal title={t('composer.askWideTitle')} onClose={onEdit}>
      <p>{t('composer.askWide', { count: recipients })}</p>
      <div className="modal-actions">
        <button type="button" onClick={onEdit}>
          {t('composer.askWideEdit')}
        </button>
        <button type="button" className="primary" onClick={onConfirm}>
          {t('composer.askWideSend', { count: recipients })}
        </button>
      </div>
    </Modal>
  )
}
