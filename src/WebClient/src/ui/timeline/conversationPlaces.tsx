import { memo, useState } from 'react'
import { keepRecent } from '../../model/recentVisits'
import { useChat, useWords } from '../shared/hooks'
import { ConversationView } from './conversationView'

/**
 * The open conversation. Those that were open before stay on the page, out of sight and laid out as they were, and the next one
 * is made ready beside it: whoever goes from one to the other waits for nothing to be built.
 */
export const ConversationPlaces = memo(function ConversationPlaces() {
  const { t } = useWords()
  const open = useChat((state) => state.open)
  const next = useChat((state) => state.next)
  const [recent, setRecent] = useState<ReturnType<typeof keepRecent>>([])
  const missing = [next, open].filter((each) => each !== undefined).filter((each) => !recent.some((kept) => kept.visit === each))
  if (missing.length > 0) setRecent(missing.reduce(keepRecent, recent))
  return (
    <div className="conversation-places">
      {recent.map(({ visit }) => (
        <ConversationView key={visit.id} visit={visit} isOpen={visit.id === open?.id} isNext={visit.id === next?.id} />
      ))}
      {open === undefined && (
        <main className="conversation conversation-none">
          <h1 className="unseen">{t('shell.title')}</h1>
          <p className="page-hint">{t('shell.none')}</p>
        </main>
      )}
    </div>
  )
})
