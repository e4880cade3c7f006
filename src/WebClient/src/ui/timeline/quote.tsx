import type { Quote } from '../../protocol/wire'
import { useWords } from '../shared/hooks'
import { Icon } from '../shared/icon'
import { mentionText } from '../text/mentionText'

/** The message that is answered: a click goes there. */
export function QuoteView({ quote, names }: { quote: Quote; names: ReadonlyMap<string, string> }) {
  const { t } = useWords()
  const text = mentionText(quote.text, names)
  const author = quote.author.name
  const label = quote.deleted ? t('timeline.replyToDeleted', { author }) : t('timeline.replyTo', { author, text })
  return (
    <button type="button" className="quote" data-act="jump" data-to={quote.seq} aria-label={label} tabIndex={-1}>
      <Icon name="reply" size={14} />
      <strong dir="auto">{author}</strong>
      <span className="quote-text" dir="auto">
        {quote.deleted ? t('timeline.deleted') : text}
      </span>
    </button>
  )
}
