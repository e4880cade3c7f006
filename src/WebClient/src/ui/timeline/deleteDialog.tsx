import type { Message } from '../../protocol/wire'
import { useWords } from '../shared/hooks'
import { Modal } from '../shared/modal'

type Props = { message: Message; own: boolean; onDelete: () => void; onClose: () => void }

/** Asks once: what is deleted does not come back. */
export function DeleteDialog({ message, own, onDelete, onClose }: Props) {
  const { t } = useWords()
  return (
    <Modal title={t('timeline.deleteTitle')} onClose={onClose}>
      <p>{own ? t('timeline.deleteOwn') : t('timeline.deleteOthers', { author: message.author.name })}</p>
      <div className="modal-actions">
        <button type="button" onClick={onClose}>
          {t('shared.cancel')}
        </button>
        <button
          type="button"
          className="danger"
          onClick={() => {
            onClose()
            onDelete()
          }}
        >
          {t('timeline.delete')}
        </button>
      </div>
    </Modal>
  )
}
