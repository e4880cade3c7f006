import { useState } from 'react'
import { createPortal } from 'react-dom'
import type { Message } from '../../protocol/wire'
import { useChat, useClient, useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { type MenuItem, MenuList } from '../shared/menu'
import { clockWords, exactWords } from '../shared/times'
import { type MessageRights, messageRights } from './messageRights'
import { ReactionPicker } from './reactionPicker'
import { focusRow } from './useRoving'
import type { MessageActions, MessageDialog } from './useMessageActions'

/** What hangs open at the message: its menu or the reactions. */
export type OpenTool = 'menu' | 'reactions' | undefined

type Props = {
  message: Message
  /** The message's row. */
  row: HTMLElement
  direct: boolean
  /** The row has the focus, so its actions are on Tab's way. */
  focused: boolean
  open: OpenTool
  onOpen: (open: OpenTool) => void
  onDialog: (dialog: MessageDialog) => void
  actions: MessageActions
}

/** What can be done with the message that is pointed at or has the focus: one toolbar for the whole log, put into its row. */
export function MessageTools({ message, row, direct, focused, open, onOpen, onDialog, actions }: Props) {
  const words = useWords()
  const { t } = words
  const client = useClient()
  const me = useChat((state) => state.me)
  const permissions = useChat((state) => state.permissions)
  const [now] = useState(() => Date.now())
  const [bar, setBar] = useState<HTMLElement | null>(null)
  const rights = messageRights(message, { me: me.userId, permissions, direct, now })
  const items = menuItems(message, rights, {
    t,
    actions,
    onDialog,
    onReact: () => {
      onOpen('reactions')
    },
    versions: message.editedAt !== undefined && !client.messages.versionsHidden,
  })
  const tabIndex = focused ? 0 : -1
  const author = message.author.name
  const label = t('timeline.actions', { author, time: clockWords(message.time, words) })

  const close = (giveFocusBack: boolean) => {
    onOpen(undefined)
    if (giveFocusBack) focusRow(row)
  }

  return createPortal(
    <>
      {row.classList.contains('message-continues') && (
        <time className="message-side-time" dateTime={message.time} title={exactWords(message.time, words)} aria-hidden="true">
          {clockWords(message.time, words)}
        </time>
      )}
    <div ref={setBar} className="message-tools" role="toolbar" aria-label={label}>
      {rights.react && (
        <IconButton
          icon="emoji"
          label={t('timeline.react')}
          tabIndex={tabIndex}
          aria-expanded={open === 'reactions'}
          onClick={() => {
            onOpen(open === 'reactions' ? undefined : 'reactions')
          }}
        />
      )}
      {rights.reply && (
        <IconButton
          icon="reply"
          label={t('timeline.reply')}
          tabIndex={tabIndex}
          onClick={() => {
            actions.reply(message)
          }}
        />
      )}
      {rights.edit && (
        <IconButton
          icon="edit"
          label={t('timeline.edit')}
          tabIndex={tabIndex}
          onClick={() => {
            actions.edit(message)
          }}
        />
      )}
      <IconButton
        icon="more"
        label={t('shared.more')}
        tabIndex={tabIndex}
        aria-haspopup="menu"
        aria-expanded={open === 'menu'}
        onClick={() => {
          onOpen(open === 'menu' ? undefined : 'menu')
        }}
      />
      {open === 'menu' && <MenuList label={label} items={items} anchor={bar} onClose={close} />}
      {open === 'reactions' && (
        <ReactionPicker
          anchor={bar}
          onPick={(emoji) => {
            actions.toggleReaction(message, emoji)
          }}
          onClose={close}
        />
      )}
    </div>
    </>,
    row,
  )
}

type MenuContext = {
  t: ReturnType<typeof useWords>['t']
  actions: MessageActions
  onDialog: (dialog: MessageDialog) => void
  onReact: () => void
  versions: boolean
}

function menuItems(message: Message, rights: MessageRights, { t, actions, onDialog, onReact, versions }: MenuContext): MenuItem[] {
  const { seq } = message
  const item = (may: boolean, label: string, icon: Extract<MenuItem, { label: string }>['icon'], onChoose: () => void): MenuItem[] =>
    may ? [{ label, ...(icon === undefined ? {} : { icon }), onChoose }] : []
  const dialog = (type: MessageDialog['type']) => () => {
    onDialog({ type, seq })
  }
  const items = [
    ...item(rights.react, t('timeline.react'), 'emoji', onReact),
    ...item(rights.reply, t('timeline.reply'), 'reply', () => {
      actions.reply(message)
    }),
    ...item(rights.edit, t('timeline.edit'), 'edit', () => {
      actions.edit(message)
    }),
    ...item(rights.copy, t('timeline.copyText'), 'copy', () => {
      actions.copyText(message)
    }),
    ...item(true, t('timeline.copyLink'), 'link', () => {
      actions.copyLink(message)
    }),
    ...item(true, t('timeline.markUnread'), 'unread', () => {
      actions.markUnread(seq)
    }),
    ...item(versions, t('timeline.showVersions'), 'list', dialog('versions')),
    ...item(rights.why, t('timeline.why'), 'bell', dialog('why')),
  ]
  if (!rights.delete) return items
  return [...items, { type: 'separator' }, { label: t('timeline.delete'), icon: 'trash', danger: true, onChoose: dialog('delete') }]
}
