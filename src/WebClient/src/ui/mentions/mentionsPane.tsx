import { useEffect, useState } from 'react'
import type { Mention } from '../../protocol/wire'
import { Avatar } from '../shared/avatar'
import { useChat, useClient, useConnected, useNow, useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { useNotices } from '../shared/notices'
import { ListTime } from '../shared/listTime'
import { useRouter } from '../shell/route'
import { PaneFrame } from '../shell/sidePane'
import { mentionText } from '../text/mentionText'

/** All messages that mention me by name, newest first (N10). */
export function MentionsPane() {
  const { t } = useWords()
  const client = useClient()
  const connected = useConnected()
  const { items, loaded, next, unreadOnly } = useChat((state) => state.mentions)
  const [onlyUnread, setOnlyUnread] = useState(unreadOnly)

  useEffect(() => client.mentions.watch(onlyUnread), [client, onlyUnread])

  // What was read or done since stays in view until the list is opened again: nothing vanishes under the pointer.
  return (
    <PaneFrame title={t('mentions.title')}>
      <div className="pane-choice" role="radiogroup" aria-label={t('mentions.which')}>
        {[false, true].map((choice) => (
          <label key={String(choice)} className="choice">
            <input
              type="radio"
              name="mentions"
              checked={onlyUnread === choice}
              onChange={() => {
                setOnlyUnread(choice)
              }}
            />
            {t(choice ? 'mentions.unread' : 'mentions.all')}
          </label>
        ))}
      </div>
      <div className="pane-body">
        {!loaded && <p className="page-hint">{t(connected ? 'mentions.loading' : 'shell.offline')}</p>}
        {loaded && items.length === 0 && <p className="page-hint">{t(onlyUnread ? 'mentions.noneUnread' : 'mentions.none')}</p>}
        <ul className="results" role="list" aria-label={t('mentions.title')}>
          {items.map((item) => (
            <MentionRow key={`${item.conversationId} ${item.message.seq}`} mention={item} />
          ))}
        </ul>
        {next !== undefined && (
          <button type="button" className="pane-more" onClick={client.mentions.more}>
            {t('search.more')}
          </button>
        )}
      </div>
    </PaneFrame>
  )
}

function MentionRow({ mention }: { mention: Mention }) {
  const { t } = useWords()
  const client = useClient()
  const notices = useNotices()
  const router = useRouter()
  const names = useChat((state) => state.names)
  const now = useNow(60_000)
  const { conversationId, message, title, unread, done } = mention
  const { author } = message

  return (
    <li className="result" data-unread={unread && !done}>
      <button
        type="button"
        className="result-main"
        onClick={() => {
          router.openConversation(conversationId, message.seq)
        }}
      >
        <Avatar id={author.userId} name={author.name} small />
        <span className="result-words">
          <span className="result-top">
            <strong className="one-line" dir="auto">{author.name}</strong>
            <span className="muted result-place one-line" dir="auto">
              {title}
            </span>
            <ListTime time={message.time} now={now} />
          </span>
          <span className="result-text" dir="auto">
            {mentionText(message.text, names)}
          </span>
          {unread && !done && <span className="unseen">{t('mentions.isUnread')}</span>}
          {done && <span className="muted">{t('mentions.isDone')}</span>}
        </span>
      </button>
      <IconButton
        icon="check"
        label={t(done ? 'mentions.notDone' : 'mentions.done')}
        aria-pressed={done}
        onClick={() => {
          void client.mentions.mark(conversationId, message.seq, !done).then((worked) => {
            if (!worked) notices.show({ text: t('shared.refused', { code: 'other' }), urgent: true })
          })
        }}
      />
    </li>
  )
}
