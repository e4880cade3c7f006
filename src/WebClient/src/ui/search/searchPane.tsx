import { useEffect, useMemo } from 'react'
import type { FoundMessage } from '../../protocol/wire'
import { conversationTitle } from '../conversations/titles'
import { Avatar } from '../shared/avatar'
import { useChat, useClient, useNow, useWords } from '../shared/hooks'
import { ListTime } from '../shared/listTime'
import { useRoute, useRouter } from '../shell/route'
import { PaneFrame } from '../shell/sidePane'
import { mentionText } from '../text/mentionText'
import { QueryField } from './queryField'
import { excerpt, soughtWords } from './queryText'

/** Full text of all conversations I belong to; the query stands in the address, a result opens where it was said (L5, L6). */
export function SearchPane() {
  const { t } = useWords()
  const client = useClient()
  const router = useRouter()
  const { query = '' } = useRoute()
  const search = useChat((state) => state.search)

  useEffect(() => {
    // A query that ends with a space is being written still: "in:standup " waits for the words.
    const asked = query.endsWith(' ') ? '' : query
    if (client.store.get().search.query !== asked) client.search.begin(asked)
  }, [client, query])

  return (
    <PaneFrame title={t('search.title')}>
      <QueryField
        key={query}
        query={query}
        onSearch={(text) => {
          // The same once more is asked once more.
          if (text === query) client.search.begin(text)
          router.openPane('search', text === '' ? undefined : text)
        }}
      />
      <div className="pane-body">
        <div className="page-hint" role="status">
          {search.status === 'searching' && t('search.searching')}
          {search.status === 'refused' && <span className="problem">{search.problem}</span>}
          {search.status === 'unreachable' && t('search.unreachable')}
          {search.status === 'done' &&
            (search.found.length === 0 && search.next === undefined
              ? t('search.nothing')
              : t(search.next === undefined ? 'search.found' : 'search.foundMore', { count: search.found.length }))}
        </div>
        <Results found={search.found} query={search.query} />
        {search.next !== undefined && search.status !== 'searching' && (
          <button type="button" className="pane-more" onClick={client.search.more}>
            {t('search.more')}
          </button>
        )}
      </div>
    </PaneFrame>
  )
}

function Results({ found, query }: { found: readonly FoundMessage[]; query: string }) {
  const { t } = useWords()
  const sought = useMemo(() => soughtWords(query), [query])
  return (
    <ul className="results" role="list" aria-label={t('search.results')}>
      {found.map((item) => (
        <Result key={`${item.conversationId} ${item.message.seq}`} item={item} sought={sought} />
      ))}
    </ul>
  )
}

function Result({ item, sought }: { item: FoundMessage; sought: readonly string[] }) {
  const words = useWords()
  const router = useRouter()
  const names = useChat((state) => state.names)
  const conversation = useChat((state) => state.conversations.get(item.conversationId))
  const me = useChat((state) => state.me.userId)
  const now = useNow(60_000)
  const { conversationId, message } = item
  const { author } = message
  const place = item.title ?? (conversation === undefined ? undefined : conversationTitle(conversation, me, words))
  const parts = useMemo(() => excerpt(mentionText(message.text, names), sought), [message.text, names, sought])

  return (
    <li className="result">
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
              {place}
            </span>
            <ListTime time={message.time} now={now} />
          </span>
          <span className="result-text" dir="auto">
            {parts.map((part, index) => (part.hit ? <mark key={index}>{part.text}</mark> : part.text))}
          </span>
        </span>
      </button>
    </li>
  )
}
