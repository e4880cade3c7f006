import { Avatar } from '../shared/avatar'
import { useChat, useWords } from '../shared/hooks'
import { MenuButton } from '../shared/menu'

/** Me, and what concerns only me: my status, my settings, signing out. */
export function OwnMenu({ onSignOut }: { onSignOut: () => void }) {
  const { t } = useWords()
  const me = useChat((state) => state.me)
  return (
    <MenuButton label={me.name} className="own-menu" items={[{ label: t('shell.signOut'), icon: 'leave', onChoose: onSignOut }]}>
      <Avatar id={me.userId} name={me.name} small />
      <span className="own-menu-words">
        <strong>{me.name}</strong>
        <span className="muted">{t('shared.role', { role: me.role })}</span>
      </span>
    </MenuButton>
  )
}
