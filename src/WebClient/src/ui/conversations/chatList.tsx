import { memo, useEffect, useMemo, useRef } from 'react'
import { type ListRow, listRows } from '../../model/chatList'
import { Avatar } from '../shared/avatar'
import { useChat, useClient, useConnected, useNow, useWords } from '../shared/hooks'
import { countWords, listTimeWords } from '../shared/times'
import { mentionText } from '../text/mentionText'
import { useRouter } from '../shell/route'
import { conversationFace, conversationTitle } from './titles'

const minuteMs = 60_000

export function ChatList() {
  const client = useClient()
  const { t } = useWords()
  const conversations = useChat((state) => state.conversations)
  const open = useChat((state) => state.open)
  const me = useChat((state) => state.me)
  const names = useChat((state) => state.names)
  const listNext = useChat((state) => state.listNext)
  const listLoaded = useChat((state) => state.listLoaded)
  const connected = useConnected()
  const now = useNow(minuteMs)
  const rows = useMemo(() => listRows({ conversations, open }), [conversations, open])
  const end = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (end.current === null || listNext === undefined || !connected) return
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) void client.readMoreConversations()
      },
      { rootMargin: '400px' },
    )
    observer.observe(end.current)
    return () => {
      observer.disconnect()
    }
  }, [client, listNext, connected])

  return (
    <div className="chat-list">
      <ul aria-label={t('conversations.list')} role="list">
        {rows.map((row, index) => (
          <ChatListRow
            key={row.id}
            row={row}
            me={me.userId}
            names={names}
            now={now}
            current={row.id === open?.id}
            startsRest={index > 0 && row.place.block === 'rest' && rows[index - 1]?.place.block !== 'rest'}
          />
        ))}
      </ul>
      {listLoaded && rows.length === 0 && (
        <p className="page-hint">{t('conversations.none')}</p>
      )}
      <div ref={end} className="chat-list-end" />
    </div>
  )
}

type RowProps = { row: ListRow; me: string; names: ReadonlyMap<string, string>; now: number; current: boolean; startsRest: boolean }

const ChatListRow = memo(
  function ChatListRow({ row, me, names, now, current, startsRest }: RowProps) {
    const words = useWords()
    const { openConversation } = useRouter()
    const { summary, unread } = row.conversation
    const title = conversationTitle(row.conversation, me, words)
    const { lastMessage } = summary
    const own = lastMessage?.author.userId === me
    const said = lastMessage === undefined ? '' : mentionText(lastMessage.text, names)
    const preview =
      lastMessage === undefined
        ? ''
        : own
          ? words.t('conversations.own', { text: said })
          : summary.kind === 'direct'
            ? said
            : words.t('conversations.other', { name: lastMessage.author.name, text: said })
    const count = unread?.unread ?? 0
    return (
      <li className={startsRest ? 'chat-row-rest' : undefined}>
        <button
          type="button"
          className="chat-row"
          data-conversation-id={row.id}
          data-unread={count > 0}
          aria-current={current ? 'true' : undefined}
          onClick={() => {
            openConversation(row.id)
          }}
        >
          <Avatar id={conversationFace(row.conversation)} name={title} />
          <span className="chat-row-top">
            <span className="chat-row-title">{title}</span>
            <time className="muted" dateTime={summary.lastActivity}>
              {listTimeWords(summary.lastActivity, now, words)}
            </time>
          </span>
          <span className="chat-row-bottom">
            <span className="chat-row-preview">{preview}</span>
            <UnreadBadge unread={count} mentions={unread?.mentions ?? 0} />
          </span>
        </button>
      </li>
    )
  },
  (before, after) =>
    before.row.conversation.summary === after.row.conversation.summary &&
    before.row.conversation.unread === after.row.conversation.unread &&
    (before.names === after.names || before.row.conversation.summary.lastMessage?.text.includes('<@') !== true) &&
    before.now === after.now &&
    before.current === after.current &&
    before.startsRest === after.startsRest,
)

function UnreadBadge({ unread, mentions }: { unread: number; mentions: number }) {
  const words = useWords()
  if (unread === 0) return null
  const label =
    mentions > 0
      ? words.t('conversations.unreadForYou', { count: unread, mentions })
      : words.t('conversations.unread', { count: unread })
  return (
    <span className={mentions > 0 ? 'badge badge-mention' : 'badge'} role="img" aria-label={label}>
      {countWords(unread, words)}
    </span>
  )
}
