import { type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react'
import { Boundary } from './boundary'
import { useWords } from './hooks'
import { Modal } from './modal'

/** A part of the client that is loaded when it is first shown, or before. */
export type LaterPart<Props extends object> = ((props: Props) => ReactNode) & {
  /** Loads it, so that it is there at once when it is shown. Where that fails, it is tried again then. */
  preload: () => Promise<void>
}

/**
 * A part of the client that is loaded when it is first shown. When it cannot be loaded, `whenFailed` is shown in its place and
 * the rest of the page goes on; until it has come, `meanwhile`.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  whenFailed: (props: Props, retry: () => void) => ReactNode,
  meanwhile?: (props: Props) => ReactNode,
): LaterPart<Props> {
  let loaded: ComponentType<Props> | undefined
  const take = async () => (loaded ??= await load())
  // React remembers a failure for good: trying again takes another one.
  const fresh = () => lazy(async () => ({ default: await take() }))
  let Newest = fresh()
  const again = () => (Newest = fresh())

  function Later(props: Props) {
    const [{ Part, attempt }, setPart] = useState<{ Part: ComponentType<Props>; attempt: number }>(() => ({ Part: loaded ?? Newest, attempt: 1 }))
    const retry = () => {
      setPart({ Part: again(), attempt: attempt + 1 })
    }
    return (
      <Boundary key={attempt} fallback={whenFailed(props, retry)}>
        <Suspense fallback={meanwhile?.(props)}>
          <Part {...props} />
        </Suspense>
      </Boundary>
    )
  }

  return Object.assign(Later, {
    preload: async () => {
      await take().catch(() => undefined)
    },
  })
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
