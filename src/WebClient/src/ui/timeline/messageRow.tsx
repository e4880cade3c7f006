import { memo } from 'react'
import type { OutboxEntry } from '../../model/outbox'
import type { LogRow } from '../../model/rows'
import type { Message } from '../../protocol/wire'
import { Avatar } from '../shared/avatar'
import { factWords } from '../shared/facts'
import { useChat, useClient, useWords } from '../shared/hooks'
import { clockWords, exactWords } from '../shared/times'
import { mentionText } from '../text/mentionText'

type Props = { row: LogRow; me: string; names: ReadonlyMap<string, string> }

export const LogRowView = memo(
  function LogRowView({ row, me, names }: Props) {
    const words = useWords()
    switch (row.type) {
      case 'day':
        return (
          <div className="day" role="separator">
            <span>{row.words}</span>
          </div>
        )
      case 'divider':
        return (
          <div className="divider" role="separator" data-divider="">
            <span>{words.t('timeline.new')}</span>
          </div>
        )
      case 'fact':
        return (
          <p className="fact" data-seq={row.message.seq}>
            {factWords(row.message, names, me, words)}
            <time dateTime={row.message.time}>{clockWords(row.message.time, words)}</time>
          </p>
        )
      case 'message':
        return (
          <MessageView message={row.message} continues={row.continues} own={row.message.author.userId === me} names={names} />
        )
      case 'pending':
        return <PendingView entry={row.entry} continues={row.continues} />
    }
  },
  (before, after) => before.me === after.me && sameRow(before, after),
)

function sameRow({ row: a, names: namesA }: Props, { row: b, names: namesB }: Props): boolean {
  switch (a.type) {
    case 'day':
      return b.type === 'day' && a.words === b.words
    case 'divider':
      return b.type === 'divider'
    case 'fact':
      return b.type === 'fact' && a.message === b.message && namesA === namesB
    case 'message':
      return (
        b.type === 'message' &&
        a.message === b.message &&
        a.continues === b.continues &&
        (namesA === namesB || !a.message.text.includes('<@'))
      )
    case 'pending':
      return b.type === 'pending' && a.entry === b.entry && a.continues === b.continues
  }
}

type MessageProps = { message: Message; continues: boolean; own: boolean; names: ReadonlyMap<string, string> }

function MessageView({ message, continues, own, names }: MessageProps) {
  const words = useWords()
  const { author, time, editedAt, deletedAt } = message
  return (
    <article
      className={continues ? 'message message-continues' : 'message'}
      data-seq={message.seq}
      aria-label={`${author.name}, ${clockWords(time, words)}`}
    >
      {!continues && <Avatar id={author.userId} name={author.name} />}
      <div className="message-body">
        {!continues && (
          <div className="message-head">
            <strong>{author.name}</strong>
            <time dateTime={time} title={exactWords(time, words)}>
              {clockWords(time, words)}
            </time>
          </div>
        )}
        <div className="message-line">
          <p className={message.text === '' ? 'message-text message-text-empty' : 'message-text'} dir="auto">
            {deletedAt === undefined ? mentionText(message.text, names) : words.t('timeline.deleted')}
            {editedAt !== undefined && deletedAt === undefined && <small className="message-edited"> {words.t('timeline.edited')}</small>}
          </p>
          {own && <Status status="sent" />}
        </div>
      </div>
      {continues && (
        <time className="message-side-time" dateTime={time} title={exactWords(time, words)} aria-hidden="true">
          {clockWords(time, words)}
        </time>
      )}
    </article>
  )
}

function PendingView({ entry, continues }: { entry: OutboxEntry; continues: boolean }) {
  const { t } = useWords()
  const client = useClient()
  const me = useChat((state) => state.me)
  const { status, clientId } = entry
  return (
    <article
      className={continues ? 'message message-continues' : 'message'}
      data-pending={clientId}
      data-status={status.type}
      aria-label={`${me.name}, ${t('timeline.status', { status: status.type })}`}
    >
      {!continues && <Avatar id={me.userId} name={me.name} />}
      <div className="message-body">
        {!continues && (
          <div className="message-head">
            <strong>{me.name}</strong>
          </div>
        )}
        <div className="message-line">
          <p className="message-text" dir="auto">
            {entry.text}
          </p>
          <Status status={status.type} />
        </div>
        {status.type === 'failed' && (
          <div className="failure" role="alert">
            <span>{t('timeline.notSent', { reason: t('timeline.failure', { reason: status.reason }) })}</span>
            <button
              type="button"
              onClick={() => {
                client.retrySending(clientId)
              }}
            >
              {t('timeline.retry')}
            </button>
            <button
              type="button"
              onClick={() => {
                client.editUnsent(clientId)
              }}
            >
              {t('timeline.editUnsent')}
            </button>
            <button
              type="button"
              onClick={() => {
                client.discard(clientId)
              }}
            >
              {t('timeline.discard')}
            </button>
          </div>
        )}
      </div>
    </article>
  )
}

function Status({ status }: { status: 'sending' | 'sent' | 'failed' }) {
  const { t } = useWords()
  const label = t('timeline.status', { status })
  return (
    <span className={`status status-${status}`} role="img" aria-label={label} title={label}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path d={statusPaths[status]} />
      </svg>
    </span>
  )
}

const statusPaths = {
  sending: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 5v3.2l2.2 1.4',
  sent: 'M3 8.5l3.4 3.4L13 5',
  failed: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 5v3.6M8 10.6v.6',
} as const
