import {
  type ComponentType,
  createContext,
  createElement,
  type ReactNode,
  type RefObject,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { Boundary } from './boundary'
import { useWords } from './hooks'
import { Modal } from './modal'

/** A part of the client that is loaded when it is first shown, or before. */
export type LaterPart<Props extends object> = ((props: Props) => ReactNode) & {
  /** Loads it, so that it is there at once when it is shown; again where that failed before. */
  preload: () => Promise<void>
  isLoaded: () => boolean
}

const LateContext = createContext<RefObject<boolean>>({ current: false })

/** For effects: whether this part comes just now, and was waited for. Whoever wanted it may have gone on to something else. */
export function useComesLate(): RefObject<boolean> {
  return useContext(LateContext)
}

/**
 * A part of the client that is loaded when it is first shown. When it cannot be loaded, or is broken, `whenFailed` is shown in its
 * place and the rest of the page goes on; until it has come, `meanwhile`. All places where it is shown wait together.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  whenFailed: (props: Props, retry: () => void) => ReactNode,
  meanwhile: (props: Props) => ReactNode = () => null,
): LaterPart<Props> {
  let part: ComponentType<Props> | 'failed' | undefined
  let loading: Promise<void> | undefined
  const listeners = new Set<() => void>()
  const become = (next: typeof part) => {
    part = next
    for (const listener of [...listeners]) listener()
  }
  const isLoaded = () => part !== undefined && part !== 'failed'
  const preload = async () => {
    if (isLoaded()) return
    if (part === 'failed') become(undefined)
    loading ??= load()
      .then(become, () => {
        become('failed')
      })
      .finally(() => {
        loading = undefined
      })
    await loading
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }

  function Later(props: Props) {
    const current = useSyncExternalStore(subscribe, () => part)
    const [attempt, setAttempt] = useState(1)
    const late = useRef(!isLoaded())
    useLayoutEffect(() => void preload(), [])
    // After the effects of the part itself.
    useEffect(() => {
      if (isLoaded()) late.current = false
    }, [current])
    const retry = () => {
      setAttempt(attempt + 1)
      void preload()
    }
    if (current === undefined) return meanwhile(props)
    if (current === 'failed') return whenFailed(props, retry)
    return (
      <Boundary key={attempt} fallback={whenFailed(props, retry)}>
        <LateContext value={late}>{createElement(current, props)}</LateContext>
      </Boundary>
    )
  }

  return Object.assign(Later, { preload, isLoaded })
}

/** A dialog, or what hangs at something and is closed likewise, that is loaded when it is first shown. */
export function laterDialog<Props extends { onClose: (giveFocusBack: boolean) => void }>(
  load: () => Promise<ComponentType<Props>>,
): LaterPart<Props> {
  return later(load, ({ onClose }, retry) => (
    <NotLoadedDialog
      onRetry={retry}
      onClose={() => {
        onClose(true)
      }}
    />
  ))
}

/** Says that a part could not be loaded. A client of yesterday may ask for a part that today's server does not have any more: then it takes the page anew. */
export function NotLoaded({ onRetry }: { onRetry: () => void }) {
  const { t } = useWords()
  return (
    <div className="not-loaded">
      <p role="alert">{t('shared.notLoaded')}</p>
      <div className="modal-actions">
        <button
          type="button"
          onClick={() => {
            window.location.reload()
          }}
        >
          {t('shared.reload')}
        </button>
        <button type="button" className="primary" onClick={onRetry}>
          {t('shared.retry')}
        </button>
      </div>
    </div>
  )
}

function NotLoadedDialog({ onRetry, onClose }: { onRetry: () => void; onClose: () => void }) {
  const { t } = useWords()
  return (
    <Modal title={t('shared.notLoadedTitle')} onClose={onClose}>
      <NotLoaded onRetry={onRetry} />
    </Modal>
  )
}
