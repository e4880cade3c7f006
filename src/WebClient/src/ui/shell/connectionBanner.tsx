import { useEffect, useState } from 'react'
import type { ReconnectState } from '../../net/reconnect'
import { useClient, useConnection, useNow, useWords } from '../shared/hooks'

/** A short interruption is nobody's concern: it would only make the page flicker. */
const shownAfterMs = 2_000

export function ConnectionBanner() {
  const { t } = useWords()
  const client = useClient()
  const state = useConnection()
  const offline = state.type !== 'connected'
  const [shown, setShown] = useState(false)

  useEffect(() => {
    const timer = setTimeout(
      () => {
        setShown(offline)
      },
      offline ? shownAfterMs : 0,
    )
    return () => {
      clearTimeout(timer)
    }
  }, [offline])

  return (
    <div className="banner-place" role="status" aria-label={t('shell.connection')}>
      {shown && offline && (
        <div className="banner">
          <span>
            <strong>{t('shell.offline')}</strong> {t('shell.offlineHint')}
          </span>
          <span className="banner-action">
            {/* Counting down aloud would be noise. */}
            <Countdown state={state} />
            <button
              type="button"
              onClick={() => {
                client.retryNow()
              }}
            >
              {t('shell.retryNow')}
            </button>
          </span>
        </div>
      )}
    </div>
  )
}

function Countdown({ state }: { state: ReconnectState }) {
  const { t } = useWords()
  const now = useNow(250)
  const seconds = state.type === 'waiting' ? Math.max(0, Math.ceil((state.until - now) / 1000)) : 0
  return <span aria-hidden="true">{seconds > 0 ? t('shell.nextTry', { seconds }) : t('shell.connecting')}</span>
}
