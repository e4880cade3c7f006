import { memo, useEffect, useMemo, useRef } from 'react'
import { type ListRow, listRows } from '../model/chatList'
import { Avatar } from './avatar'
import { useChat, useClient, useConnection, useNow } from './hooks'
import { listTimeWords } from './times'
import { conversationFace, conversationTitle } from './titles'
import { mentionWords, numberWords } from './words'

const minuteMs = 60_000

export function ChatList() {
  const client = useClient()
  const { conversations, open, me, names, listNext, listLoaded } = useChat()
  const connected = useConnection().type === 'connected'
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
      <ul aria-label="Conversations" role="list">
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
        <p className="page-hint">No conversations yet. Find a person above and say hello.</p>
      )}
      <div ref={end} className="chat-list-end" />
    </div>
  )
}

type RowProps = { row: ListRow; me: string; names: ReadonlyMap<string, string>; now: number; current: boolean; startsRest: boolean }

const ChatListRow = memo(
  function ChatListRow({ row, me, names, now, current, startsRest }: RowProps) {
    const client = useClient()
    const { summary, unread } = row.conversation
    const title = conversationTitle(row.conversation, me)
    const { lastMessage } = summary
    const own = lastMessage?.author.userId === me
    const said = lastMessage === undefined ? '' : mentionWords(lastMessage.text, names)
    const preview =
      lastMessage === undefined
        ? ''
        : own
          ? `You: ${said}`
          : summary.kind === 'direct'
            ? said
            : `${lastMessage.author.name}: ${said}`
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
            client.openConversation(row.id)
          }}
        >
          <Avatar id={conversationFace(row.conversation)} name={title} />
          <span className="chat-row-top">
            <span className="chat-row-title">{title}</span>
            <time className="muted" dateTime={summary.lastActivity}>
              {listTimeWords(summary.lastActivity, now)}
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
  if (unread === 0) return null
  const words = mentions > 0 ? `${unread} unread, ${mentions} for you` : `${unread} unread`
  return (
    <span className={mentions > 0 ? 'badge badge-mention' : 'badge'} role="img" aria-label={words}>
      {numberWords(unread)}
    </span>
  )
}
