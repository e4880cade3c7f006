import { memo } from 'react'
import type { LogRow } from '../../model/rows'
import type { Message } from '../../protocol/wire'
import { Avatar } from '../shared/avatar'
import { useWords } from '../shared/hooks'
import { clockWords, exactWords } from '../shared/times'
import { RichText } from '../text/richText'
import { FactsRow } from './factsRow'
import { PendingRow } from './pendingRow'
import { QuoteView } from './quote'
import { ReactionsView } from './reactions'
import { Status } from './status'

type Props = { row: LogRow; me: string; names: ReadonlyMap<string, string> }

/** A row knows nothing of the log around it: what is clicked in it says by `data-act` what it wants (see messageLog). */
export const LogRowView = memo(function LogRowView({ row, me, names }: Props) {
  const { t } = useWords()
  switch (row.type) {
    case 'divider':
      return (
        <div className="divider" role="separator" data-divider="">
          <span>{t('timeline.new')}</span>
        </div>
      )
    case 'facts':
      return <FactsRow messages={row.messages} names={names} me={me} />
    case 'message':
      return <MessageView message={row.message} continues={row.continues} me={me} names={names} />
    case 'pending':
      return <PendingRow entry={row.entry} continues={row.continues} names={names} />
  }
}, (before, after) => before.me === after.me && sameRow(before, after))

function sameRow({ row: a, names: namesA }: Props, { row: b, names: namesB }: Props): boolean {
  switch (a.type) {
    case 'divider':
      return b.type === 'divider'
    case 'facts':
      return (
        b.type === 'facts' &&
        namesA === namesB &&
        a.messages.length === b.messages.length &&
        a.messages.every((message, index) => message === b.messages[index])
      )
    case 'message':
      return (
        b.type === 'message' &&
        a.message === b.message &&
        a.continues === b.continues &&
        (namesA === namesB || !showsNames(a.message))
      )
    case 'pending':
      return b.type === 'pending' && a.entry === b.entry && a.continues === b.continues
  }
}

function showsNames({ text, replyTo, reactions }: Message): boolean {
  return text.includes('<@') || reactions !== undefined || replyTo?.text.includes('<@') === true
}

type MessageProps = { message: Message; continues: boolean; me: string; names: ReadonlyMap<string, string> }

function MessageView({ message, continues, me, names }: MessageProps) {
  const words = useWords()
  const { author, time, editedAt, deletedAt, replyTo, reactions } = message
  const own = author.userId === me
  const deleted = deletedAt !== undefined
  const clock = clockWords(time, words)
  return (
    <article
      className={continues ? 'message message-continues' : 'message'}
      data-seq={message.seq}
      data-row=""
      tabIndex={-1}
      aria-label={words.t('timeline.messageOf', { author: author.name, time: clock })}
    >
      {!continues && <Avatar id={author.userId} name={author.name} />}
      <div className="message-body">
        {!continues && (
          <div className="message-head">
            <strong>
              <bdi>{author.name}</bdi>
            </strong>
            <time dateTime={time} title={exactWords(time, words)}>
              {clock}
            </time>
          </div>
        )}
        {replyTo !== undefined && !deleted && <QuoteView quote={replyTo} names={names} />}
        <div className="message-line">
          {deleted ? (
            <p className="rich-text message-deleted">{words.t('timeline.deleted')}</p>
          ) : (
            <RichText
              text={message.text}
              names={names}
              me={own ? undefined : me}
              mentions={message.mentions}
              of={message}
              tabIndex={-1}
            />
          )}
          {editedAt !== undefined && !deleted && (
            <button
              type="button"
              className="message-edited"
              data-act="versions"
              aria-label={words.t('timeline.editedShow')}
              title={exactWords(editedAt, words)}
              tabIndex={-1}
            >
              {words.t('timeline.edited')}
            </button>
          )}
          {own && !deleted && <Status status="sent" />}
        </div>
        {reactions !== undefined && !deleted && <ReactionsView reactions={reactions} names={names} me={me} />}
      </div>
      {continues && (
        <time className="message-side-time" dateTime={time} title={exactWords(time, words)} aria-hidden="true">
          {clock}
        </time>
      )}
      {/* Where the actions are put while they are wanted: one toolbar for the whole log. */}
      <div className="message-tools-place" />
    </article>
  )
}
