import { useState } from 'react'
import type { ChatClient } from '../../net/chatClient'
import { PresenceDot } from '../presence/presenceDot'
import { presenceWords, untilWords } from '../presence/presenceWords'
import { chosenStatus, standingChoice, type StatusChoice, statusChoices } from '../presence/statusChoices'
import { usePresence } from '../presence/usePresence'
import { Avatar } from '../shared/avatar'
import { useChat, useClient, useNow, useWords } from '../shared/hooks'
import { laterDialog } from '../shared/later'
import { MenuButton, type MenuItem } from '../shared/menu'
import { useNotices } from '../shared/notices'

const SettingsDialog = laterDialog(async () => (await import('../settings/settingsDialog')).SettingsDialog)

const minuteMs = 60_000

/** `undefined`: it is not for me to sign out here. */
type Props = { onSignOut: (() => void) | undefined }

/** Me, and what concerns only me: my status, my settings, signing out. The dot is the one that others see (P8). */
export function OwnMenu({ onSignOut }: Props) {
  const words = useWords()
  const { t } = words
  const now = useNow(minuteMs)
  const me = useChat((state) => state.me)
  const presence = usePresence(me.userId)
  const [settingsOpen, setSettingsOpen] = useState(false)
  const statusItems = useStatusItems(now)
  return (
    <>
      <MenuButton
        label={me.name}
        named
        className="own-menu"
        items={() => [
          ...statusItems(),
          { type: 'separator' },
          {
            label: t('settings.open'),
            icon: 'settings',
            onChoose: () => {
              setSettingsOpen(true)
            },
          },
          ...(onSignOut === undefined ? [] : [{ label: t('shell.signOut'), icon: 'leave', onChoose: onSignOut } as const]),
        ]}
      >
        <span className="avatar-with-dot">
          <Avatar id={me.userId} name={me.name} />
          <PresenceDot state={presence.state} named={false} />
        </span>
        <span className="own-menu-words">
          <strong className="one-line" dir="auto">{me.name}</strong>
          <span className="muted">
            {presence.state === 'unknown' ? t('shared.role', { role: me.role }) : presenceWords(presence, now, words)}
          </span>
        </span>
      </MenuButton>
      {settingsOpen && (
        <SettingsDialog
          onClose={() => {
            setSettingsOpen(false)
          }}
        />
      )}
    </>
  )
}

/** Ends are counted from when it is chosen. */
function setStatus({ presence }: ChatClient, choice: StatusChoice): ReturnType<ChatClient['presence']['setStatus']> {
  const { status, until } = chosenStatus(choice, Date.now())
  return presence.setStatus(status, until)
}

function useStatusItems(now: number): () => MenuItem[] {
  const words = useWords()
  const { t } = words
  const client = useClient()
  const notices = useNotices()
  const status = useChat((state) => state.status)
  const standing = standingChoice(status)

  const choose = async (choice: StatusChoice) => {
    const answer = await setStatus(client, choice)
    if (!answer.ok) notices.show({ text: t('shared.refused', { code: answer.error.code }), urgent: true })
  }

  return () => {
    const items = statusChoices.map((choice): MenuItem => ({
      label: t('presence.choice', { choice }),
      checked: choice === standing,
      onChoose: () => void choose(choice),
    }))
    if (status?.status !== 'dnd' || status.until === undefined) return items
    // A rest that was begun stands by its end.
    const resting: MenuItem = {
      label: t('presence.dndUntil', { time: untilWords(status.until, now, words) }),
      checked: true,
      onChoose: () => undefined,
    }
    return [resting, ...items]
  }
}
