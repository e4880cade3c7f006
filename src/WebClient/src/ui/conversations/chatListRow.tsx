import { memo } from 'react'
import type { ConversationState, Summary } from '../../model/conversation'
import { hasDraft } from '../../model/drafts'
import { isMuted } from '../../model/notificationRule'
import { typistsIn } from '../../model/typing'
import type { Unread } from '../../protocol/wire'
import { PresenceDot } from '../presence/presenceDot'
import { TypingDots } from '../presence/typingLine'
import { usePresence } from '../presence/usePresence'
import { Avatar } from '../shared/avatar'
import { useChat, useClient, useWords } from '../shared/hooks'
import { Icon } from '../shared/icon'
import { ListTime } from '../shared/listTime'
import { countWords } from '../shared/times'
import { useRouter } from '../shell/route'
import { mentionText } from '../text/mentionText'
import { conversationFace, conversationTitle } from './titles'

type Props = {
  id: string
  /** The heading of the block that this row begins. */
  heading: 'unread' | 'rest' | undefined
  current: boolean
  tabStop: boolean
  now: number
  onFocus: (id: string) => void
}

/** One conversation in the list. It looks at nothing but its own part of the state. */
export const ChatListRow = memo(function ChatListRow({ id, heading, ...rest }: Props) {
  const { t } = useWords()
  const conversation = useChat((state) => state.conversations.get(id))
  const summary = conversation?.summary
  return (
    <>
      {heading !== undefined && <h2 className="chat-list-heading">{t('conversations.block', { block: heading })}</h2>}
      {/* A row may be gone before the list has been drawn anew. */}
      {conversation !== undefined && summary !== undefined && <Row conversation={conversation} summary={summary} {...rest} />}
    </>
  )
})

type RowProps = Omit<Props, 'id' | 'heading'> & { conversation: ConversationState; summary: Summary }

function Row({ conversation, summary, current, tabStop, now, onFocus }: RowProps) {
  const client = useClient()
  const { openConversation } = useRouter()
  const { id, unread } = conversation
  return (
    <button
      type="button"
      className="chat-row"
      data-conversation-id={id}
      data-unread={(unread?.unread ?? 0) > 0}
      data-muted={isMuted(unread?.mutedFrom, unread?.mutedUntil, now)}
      aria-current={current ? 'true' : undefined}
      tabIndex={tabStop ? 0 : -1}
      onFocus={() => {
        onFocus(id)
      }}
      onPointerDown={(event) => {
        // It is shown as long as the button is down (see chat.css), and opened when it goes up. A finger may only want to scroll.
        if (event.button !== 0 || event.ctrlKey || event.pointerType === 'touch' || current) return
        client.expectConversation(id)
        showWhilePressed(event.currentTarget)
      }}
      onMouseDown={(event) => {
        // The focus goes where somebody writes; it need not come by here.
        event.preventDefault()
      }}
      onClick={() => {
        onFocus(id)
        openConversation(id)
      }}
    >
      <RowContent conversation={conversation} summary={summary} now={now} />
    </button>
  )
}

type ContentProps = { conversation: ConversationState; summary: Summary; now: number }

function showWhilePressed(row: HTMLElement): void {
  row.dataset['pressed'] = ''
  const ends = ['pointerup', 'pointercancel', 'dragstart', 'contextmenu']
  const end = () => {
    delete row.dataset['pressed']
    for (const type of ends) window.removeEventListener(type, end, true)
    window.removeEventListener('blur', end)
  }
  for (const type of ends) window.addEventListener(type, end, true)
  // Not captured: that would be every element's.
  window.addEventListener('blur', end)
}

/** The same whether it is the open one or not. */
const RowContent = memo(function RowContent({ conversation, summary, now }: ContentProps) {
  const words = useWords()
  const { t } = words
  const { id, unread } = conversation
  const me = useChat((state) => state.me.userId)
  const draft = useChat((state) => state.open?.id !== id && hasDraft(state, id))
  const title = conversationTitle(conversation, me, words)
  const muted = isMuted(unread?.mutedFrom, unread?.mutedUntil, now)
  return (
    <>
      {summary.peer === undefined ? (
        <Avatar id={conversationFace(conversation)} name={title} />
      ) : (
        <PersonAvatar userId={summary.peer.userId} name={title} />
      )}
      <span className="chat-row-top">
        <span className="chat-row-title one-line" dir="auto">
          {title}
        </span>
        {draft && <Sign name="edit" label={t('conversations.draft')} />}
        {muted && <Sign name="bellOff" label={t('conversations.muted')} />}
        <ListTime time={summary.lastActivity} now={now} />
      </span>
      <span className="chat-row-bottom">
        <Preview id={id} summary={summary} me={me} />
        {unread !== undefined && <UnreadBadge unread={unread} muted={muted && summary.kind === 'direct'} />}
      </span>
    </>
  )
})

function PersonAvatar({ userId, name }: { userId: string; name: string }) {
  const { state } = usePresence(userId)
  return (
    <span className="avatar-with-dot">
      <Avatar id={userId} name={name} />
      {state !== 'unknown' && <PresenceDot state={state} />}
    </span>
  )
}

const noNames: ReadonlyMap<string, string> = new Map()

/** The last message, or that somebody writes the next one. */
function Preview({ id, summary, me }: { id: string; summary: Summary; me: string }) {
  const words = useWords()
  const { kind, lastMessage } = summary
  const typing = useChat((state) => kind === 'direct' && typistsIn(state.typing, id).length > 0)
  const names = useChat((state) => (lastMessage?.text.includes('<@') === true ? state.names : noNames))
  if (typing) {
    return (
      <span className="chat-row-preview one-line chat-row-typing">
        <TypingDots /> {words.t('conversations.typing')}
      </span>
    )
  }
  if (lastMessage === undefined) return <span className="chat-row-preview one-line">{words.t('conversations.noMessage')}</span>
  const text = mentionText(lastMessage.text, names)
  const own = lastMessage.author.userId === me
  if (kind === 'direct' && !own) {
    return (
      <span className="chat-row-preview one-line" dir="auto">
        {text}
      </span>
    )
  }
  const [before, after] = own ? words.around('conversations.own', 'text') : words.around('conversations.other', 'text', { name: lastMessage.author.name })
  return (
    <span className="chat-row-preview chat-row-said">
      <span className="one-line">{before}</span>
      {/* Read its own way, and cut off at its own end. */}
      <span className="one-line" dir="auto">
        {text}
      </span>
      {after}
    </span>
  )
}

/** `muted`: the number stays, but calls nobody (U11). What mentions by name calls also where it is muted. */
function UnreadBadge({ unread: { unread, mentions }, muted }: { unread: Unread; muted: boolean }) {
  const words = useWords()
  if (unread === 0) return null
  const calls = mentions > 0 && !muted
  const label = calls
    ? words.t('conversations.unreadForYou', { count: unread, mentions })
    : words.t('conversations.unread', { count: unread })
  return (
    <span className={calls ? 'badge badge-mention' : 'badge'} role="img" aria-label={label}>
      {countWords(unread, words)}
    </span>
  )
}

function Sign({ name, label }: { name: 'edit' | 'bellOff'; label: string }) {
  return (
    <span className="chat-row-sign" role="img" aria-label={label} title={label}>
      <Icon name={name} size={14} />
    </span>
  )
}
