import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useWords } from './hooks'
import { IconButton } from './icon'
import { isThere } from './keepFocus'

type Props = { title: string; onClose: () => void; children: ReactNode; className?: string }

/** The browser's own dialog: it keeps the focus inside, gives it back afterwards, and closes with Esc. */
export function Modal({ title, onClose, children, className = '' }: Props) {
  const { t } = useWords()
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useEffect(() => {
    const element = dialog.current
    if (element === null || element.open) return
    const before = document.activeElement
    element.showModal()
    // The browser would take the first control, which is the way out.
    element.querySelector<HTMLElement>('input:not([type=radio], [type=checkbox]), textarea')?.focus()
    return () => {
      element.close()
      // A dialog that has been taken off the page gives the focus back to nobody.
      if (before instanceof HTMLElement && document.activeElement === document.body && isThere(before)) before.focus()
    }
  }, [])

  return (
    <dialog
      ref={dialog}
      className={`modal ${className}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onKeyDown={(event) => {
        // What is pressed in a dialog is the dialog's: Esc here must not also mark a conversation read.
        event.stopPropagation()
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div className="modal-body">
        <div className="modal-head">
          <h2 id={titleId}>{title}</h2>
          <IconButton icon="close" label={t('shared.close')} onClick={onClose} />
        </div>
        {children}
      </div>
    </dialog>
  )
}
