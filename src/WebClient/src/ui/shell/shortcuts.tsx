import { useState } from 'react'
import { useClient, useWords } from '../shared/hooks'
import { laterDialog } from '../shared/later'
import { useNotices } from '../shared/notices'
import { useShortcut } from '../shared/shortcuts'
import { Switcher } from '../switcher/switcher'
import { areConversationsLoaded } from '../timeline/conversationPlaces'
import { usePane, useRouter } from './route'

const ShortcutsHelp = laterDialog(async () => (await import('../help/shortcutsHelp')).ShortcutsHelp)

export type Overlay = 'switcher' | 'help'

/** How long "undo" is offered: as long as the server keeps it (U12). */
const undoForMs = 10_000

/** The keys that work everywhere (W1), and what they open. The answer opens an overlay from elsewhere. */
export function useOverlays(): { overlay: React.ReactNode; show: (overlay: Overlay) => void } {
  const [shown, setShown] = useState<Overlay>()
  const router = useRouter()
  const pane = usePane()
  const markAllRead = useMarkAllRead()
  const markOpenRead = useMarkOpenRead()

  useShortcut('ctrl+k', () => {
    setShown('switcher')
  })
  useShortcut('ctrl+/', () => {
    setShown('help')
  })
  useShortcut('?', () => {
    setShown('help')
  })
  useShortcut('ctrl+shift+m', () => {
    if (pane === 'mentions') router.closePane()
    else router.openPane('mentions')
  })
  useShortcut('ctrl+f', () => {
    const { conversationId } = router.get()
    router.openPane('search', conversationId === undefined ? undefined : `in:${conversationId} `)
  })
  useShortcut('shift+Escape', markAllRead)
  useShortcut('Escape', () => {
    if (pane !== undefined) router.closePane()
    else markOpenRead()
  })

  const close = () => {
    setShown(undefined)
  }
  const overlay = (
    <>
      {/* There at once: what is typed right after Ctrl+K belongs to it. */}
      {shown === 'switcher' && <Switcher onClose={close} />}
      {shown === 'help' && <ShortcutsHelp onClose={close} />}
    </>
  )
  return { overlay, show: setShown }
}

/** Marks everything read and offers to take it back for 10 s (U12). */
export function useMarkAllRead(): () => void {
  const { t } = useWords()
  const client = useClient()
  const notices = useNotices()
  return () => {
    void client.inbox.markAllRead().then((answer) => {
      if (answer === undefined) {
        notices.show({ text: t('inbox.allReadFailed'), urgent: true })
        return
      }
      const { conversations, undo } = answer
      const text = t('inbox.allRead', { count: conversations })
      if (undo === undefined) {
        notices.show({ text })
        return
      }
      const takeBack = () => {
        void client.inbox.undoMarkAllRead(undo).then((count) => {
          if (count === undefined) notices.show({ text: t('inbox.undoFailed'), urgent: true })
          else notices.show({ text: t('inbox.undone', { count }) })
        })
      }
      notices.show({ text, forMs: undoForMs, action: { label: t('shared.undo'), run: takeBack } })
    })
  }
}

/** Esc: what is open counts as read up to its end. */
function useMarkOpenRead(): () => void {
  const client = useClient()
  return () => {
    const { open, conversations } = client.store.get()
    // What cannot be shown yet was read by nobody.
    if (!areConversationsLoaded()) return
    const head = open === undefined ? undefined : conversations.get(open.id)?.summary?.head.seq
    if (open !== undefined && head !== undefined) client.displayed(open.id, head)
  }
}
