import { useWords } from './hooks'
import { Modal } from './modal'

type Props = {
  title: string
  text: string
  /** What is done, on the button that does it. */
  confirm: string
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something is done that cannot be taken back. The browser's own question is not heard in a panel of another site. */
export function Ask({ title, text, confirm, onConfirm, onClose }: Props) {
  const { t } = useWords()
  return (
    <Modal title={title} onClose={onClose}>
      <p>{text}</p>
      <div className="modal-actions">
        <button type="button" onClick={onClose}>
          {t('shared.cancel')}
        </button>
        <button
          type="button"
          className="danger"
          onClick={() => {
            onClose()
            onConfirm()
          }}
        >
          {confirm}
        </button>
      </div>
    </Modal>
  )
}
