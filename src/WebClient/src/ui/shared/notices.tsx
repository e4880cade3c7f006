import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react'
import { useWords } from './hooks'
import { IconButton } from './icon'

/** Short word of something that was done, or could not be; with an action while it stands, such as "Undo". */
export type Notice = {
  text: string
  /** A failure interrupts, anything else waits until the reader has finished. */
  urgent?: boolean
  action?: { label: string; run: () => void }
  /** How long it stands. Default 6 s. */
  forMs?: number
}

export interface Notices {
  /** Shows a notice; it is read aloud too. */
  show(notice: Notice): void
  /** Only read aloud: for what is seen anyway. */
  announce(text: string): void
}

const NoticesContext = createContext<Notices | undefined>(undefined)
const standsForMs = 6_000

export function useNotices(): Notices {
  const notices = useContext(NoticesContext)
  if (notices === undefined) throw new Error('No place for notices around this component.')
  return notices
}

export function NoticesPlace({ children }: { children: ReactNode }) {
  const { t } = useWords()
  const [notice, setNotice] = useState<Notice>()
  const [spoken, setSpoken] = useState('')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const close = useCallback(() => {
    clearTimeout(timer.current)
    setNotice(undefined)
  }, [])

  const notices = useMemo<Notices>(
    () => ({
      show: (next) => {
        clearTimeout(timer.current)
        setNotice(next)
        timer.current = setTimeout(close, next.forMs ?? standsForMs)
      },
      announce: (text) => {
        // The same words again are said again.
        setSpoken((before) => (before === text ? `${text}\u00a0` : text))
      },
    }),
    [close],
  )

  return (
    <NoticesContext value={notices}>
      {children}
      <div className="unseen" role="status">
        {spoken}
      </div>
      <div className="notice-place" role="status">
        {notice !== undefined && notice.urgent !== true && <NoticeView notice={notice} onClose={close} label={t('shared.close')} />}
      </div>
      <div className="notice-place" role="alert">
        {notice?.urgent === true && <NoticeView notice={notice} onClose={close} label={t('shared.close')} />}
      </div>
    </NoticesContext>
  )
}

function NoticeView({ notice, onClose, label }: { notice: Notice; onClose: () => void; label: string }) {
  const { action } = notice
  return (
    <div className={notice.urgent === true ? 'notice-card notice-card-urgent' : 'notice-card'}>
      <span>{notice.text}</span>
      {action !== undefined && (
        <button
          type="button"
          onClick={() => {
            onClose()
            action.run()
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton icon="close" label={label} onClick={onClose} />
    </div>
  )
}
