import { useContext, useEffect, useMemo, useRef } from 'react'
import { totalsOf } from '../../model/totals'
import { SettingsContext } from '../settings/settings'
import { useActivity, useChat, useClient, useNow, useWords } from '../shared/hooks'
import { useRouter } from '../shell/route'
import { popupSurrounding } from './machine'

/** Gives popups what they are made from, and tells the other tabs what this one shows. */
export function useNotifications(): void {
  const client = useClient()
  const words = useWords()
  const router = useRouter()
  const settings = useContext(SettingsContext)
  const activity = useActivity()
  const openId = useChat((state) => state.open?.id)
  const current = useRef(words)
  useEffect(() => {
    current.current = words
  })

  useEffect(() => {
    if (settings === undefined) return
    popupSurrounding.current = {
      state: client.store.get,
      settings: settings.get,
      words: () => current.current,
      open: router.openConversation,
    }
    return () => {
      popupSurrounding.current = undefined
    }
  }, [client, settings, router])

  useEffect(() => {
    const tell = () => {
      client.attend({
        openId,
        focused: document.hasFocus() && document.visibilityState === 'visible',
        lastInput: activity.lastInput,
      })
    }
    tell()
    const end = activity.subscribe(tell)
    window.addEventListener('focus', tell)
    window.addEventListener('blur', tell)
    document.addEventListener('visibilitychange', tell)
    return () => {
      end()
      window.removeEventListener('focus', tell)
      window.removeEventListener('blur', tell)
      document.removeEventListener('visibilitychange', tell)
    }
  }, [client, openId, activity])
}

const icons = { quiet: '/icon.png', unread: '/icon-unread.png', mention: '/icon-mention.png' } as const

/** The tab tells how many messages are for me, and by its icon whether anything is unread (W9). */
export function useTabBadge(): void {
  const { t } = useWords()
  const conversations = useChat((state) => state.conversations)
  const now = useNow(60_000)
  const { mentions, unread } = useMemo(() => totalsOf(conversations, now), [conversations, now])
  const title = mentions > 0 ? `(${mentions > 99 ? '99+' : mentions}) ${t('shell.title')}` : unread > 0 ? `• ${t('shell.title')}` : t('shell.title')
  const icon = mentions > 0 ? icons.mention : unread > 0 ? icons.unread : icons.quiet

  useEffect(() => {
    document.title = title
  }, [title])
  useEffect(() => {
    document.querySelector('link[rel=icon]')?.setAttribute('href', icon)
  }, [icon])
  useEffect(
    () => () => {
      document.title = t('shell.title')
      document.querySelector('link[rel=icon]')?.setAttribute('href', icons.quiet)
    },
    [t],
  )
}
