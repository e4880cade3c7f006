import { memo, type ReactNode } from 'react'
import type { LogRow } from '../../model/rows'
import type { Message } from '../../protocol/wire'
import { Avatar } from '../shared/avatar'
import { useWords } from '../shared/hooks'
import { clockWords, exactWords } from '../shared/times'
import { RichText } from '../text/richText'
import { FactsRow } from './factsRow'
import { isLong, LongText } from './longText'
import { PendingRow } from './pendingRow'
import { QuoteView } from './quote'
import { ReactionsView } from './reactions'
import { Status } from './status'

type Props = { row: LogRow; me: string; names: ReadonlyMap<string, string> }

/** A row knows nothing of the log around it: what is clicked in it says by `data-act` what it wants (see messageLog). */
export function LogRowView({ row, me, names }: Props) {
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
}

type RowsProps = { rows: readonly LogRow[]; me: string; names: ReadonlyMap<string, string> }

/**
 * A few rows that are laid out and painted for themselves: what comes or goes around them moves them, and no more. They are
 * drawn again only when one of them has changed.
 */
export const LogRowsView = memo(
  function LogRowsView({ rows, me, names }: RowsProps) {
    return (
      <div className="rows">
        {rows.map((row) => (
          <LogRowView key={row.key} row={row} me={me} names={names} />
        ))}
      </div>
    )
  },
  (before, after) =>
    before.me === after.me &&
    before.rows.length === after.rows.length &&
    before.rows.every((row, index) => {
      const next = after.rows[index]
      return row.key === next?.key && sameRow(row, next, before.names === after.names)
    }),
)

function sameRow(a: LogRow, b: LogRow, sameNames: boolean): boolean {
  switch (a.type) {
    case 'divider':
      return b.type === 'divider'
    case 'facts':
      return (
        b.type === 'facts' &&
        sameNames &&
        a.messages.length === b.messages.length &&
        a.messages.every((message, index) => message === b.messages[index])
      )
    case 'message':
      return (
        b.type === 'message' &&
        a.message === b.message &&
        a.continues === b.continues &&
        (sameNames || !showsNames(a.message))
      )
    case 'pending':
      return b.type === 'pending' && sameNames && a.entry === b.entry && a.continues === b.continues
  }
}

function showsNames({ text, replyTo, reactions }: Message): boolean {
  return text.includes('<@') || reactions !== undefined || replyTo?.text.includes('<@') === true
}

type MessageProps = { message: Message; continues: boolean; me: string; names: ReadonlyMap<string, string> }

/** As few elements as can be: hundreds of rows are on the page, and come and go while somebody scrolls. */
function MessageView({ message, continues, me, names }: MessageProps) {
  const words = useWords()
  const { author, time, editedAt, deletedAt, replyTo, reactions } = message
  const own = author.userId === me
  const deleted = deletedAt !== undefined
  const clock = clockWords(time, words)
  const text = (
    <RichText text={message.text} names={names} me={own ? undefined : me} mentions={message.mentions} of={message} tabIndex={-1} />
  )
  return (
    <article
      className={continues ? 'row message message-continues' : 'row message'}
      data-seq={message.seq}
      data-row=""
      tabIndex={-1}
      aria-label={words.t('timeline.messageOf', { author: author.name, time: clock })}
    >
      {!continues && (
        <>
          <Avatar id={author.userId} name={author.name} />
          <div className="message-head">
            <strong dir="auto">{author.name}</strong> <time dateTime={time}>{clock}</time>
          </div>
        </>
      )}
      {deleted ? (
        <p className="rich-text message-deleted">{words.t('timeline.deleted')}</p>
      ) : (
        <>
          {replyTo !== undefined && <QuoteView quote={replyTo} names={names} />}
          <Line own={own} editedAt={editedAt}>
            {isLong(message.text) ? <LongText>{text}</LongText> : text}
          </Line>
          {reactions !== undefined && <ReactionsView reactions={reactions} names={names} me={me} />}
        </>
      )}
    </article>
  )
}

/** The text with what stands beside it; most have nothing there. */
function Line({ own, editedAt, children }: { own: boolean; editedAt: string | undefined; children: ReactNode }) {
  const words = useWords()
  if (!own && editedAt === undefined) return children
  return (
    <div className="message-line">
      {children}
      {editedAt !== undefined && (
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
      {own && <Status status="sent" />}
    </div>
  )
}
