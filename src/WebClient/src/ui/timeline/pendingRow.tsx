import type { OutboxEntry } from '../../model/outbox'
import { quoteOf } from '../../model/quote'
import { messageAt } from '../../model/timeline'
import { Avatar } from '../shared/avatar'
import { useChat, useClient, useWords } from '../shared/hooks'
import { RichText } from '../text/richText'
import { isLong, LongText } from './longText'
import { QuoteView } from './quote'
import { Status } from './status'

/** A message of mine on its way, or one that did not get through. */
export function PendingRow({ entry, continues, names }: { entry: OutboxEntry; continues: boolean; names: ReadonlyMap<string, string> }) {
  const { t } = useWords()
  const client = useClient()
  const me = useChat((state) => state.me)
  const { status, clientId, conversationId, replyTo } = entry
  // Where it is not held, the server alone says what it was.
  const answered = useChat(({ conversations }) => messageAt(conversations.get(conversationId)?.timeline, replyTo))
  const text = <RichText text={entry.text} names={names} me={undefined} mentions="any" of={entry} tabIndex={-1} />
  return (
    <article
      className={continues ? 'message message-continues' : 'message'}
      data-pending={clientId}
      data-row=""
      data-status={status.type}
      tabIndex={-1}
      aria-label={t('timeline.messageOf', { author: me.name, time: t('timeline.status', { status: status.type }) })}
    >
      {!continues && (
        <>
          <Avatar id={me.userId} name={me.name} />
          <div className="message-head">
            <strong dir="auto">{me.name}</strong>
          </div>
        </>
      )}
      {answered !== undefined && <QuoteView quote={quoteOf(answered)} names={names} />}
      <div className="message-line">
        {isLong(entry.text) ? <LongText>{text}</LongText> : text}
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
    </article>
  )
}
