import { useState } from 'react'
import { useSettings } from '../settings/settings'
import { useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'

const dismissedKey = 'chat.popupsDismissed'

/** Asks once whether popups are wanted; the browser's own question follows a press of the button, as it should. */
export function PermissionHint() {
  const { t } = useWords()
  const [{ popups }] = useSettings()
  const [asked, setAsked] = useState(() => !('Notification' in window) || Notification.permission !== 'default' || wasDismissed())
  if (asked || !popups) return null
  const dismiss = () => {
    setAsked(true)
    try {
      window.localStorage.setItem(dismissedKey, 'yes')
    } catch {
      // Asked again after a reload, then.
    }
  }
  return (
    <div className="hint" role="region" aria-label={t('notifications.hint')}>
      <span>{t('notifications.hint')}</span>
      <button
        type="button"
        onClick={() => {
          void Notification.requestPermission().then(() => {
            setAsked(true)
          })
        }}
      >
        {t('notifications.turnOn')}
      </button>
      <IconButton icon="close" label={t('notifications.notNow')} onClick={dismiss} />
    </div>
  )
}

function wasDismissed(): boolean {
  try {
    return window.localStorage.getItem(dismissedKey) !== null
  } catch {
    return false
  }
}
