import { useEffect, useSyncExternalStore } from 'react'
import type { ChatClient } from '../../net/chatClient'
import { ClientContext, useWords } from '../shared/hooks'
import { keepFocus } from '../shared/keepFocus'
import { Chat } from './chat'
import type { CurrentPage } from './currentPage'
import { SignIn } from './signIn'

type Props = {
  current: CurrentPage
  /** Another page shows this one in a frame, and says who is signed in. */
  framed: boolean
}

export function App({ current, framed }: Props) {
  const { t } = useWords()
  const page = useSyncExternalStore(current.subscribe, current.get)
  useEffect(() => keepFocus(document), [])

  switch (page.type) {
    case 'loading':
      return (
        <main className="page" aria-busy="true">
          <p className="page-hint">{t('shell.loading')}</p>
        </main>
      )
    case 'unreachable':
      return (
        <main className="page">
          <section className="card" aria-labelledby="unreachable-title">
            <h1 id="unreachable-title" tabIndex={-1}>{t('shell.unreachable')}</h1>
            <p>{t('shell.unreachableHint')}</p>
            <button type="button" className="primary" onClick={() => void current.look()}>
              {t('shared.retry')}
            </button>
          </section>
        </main>
      )
    case 'signIn':
      return <SignIn development={page.development} notice={page.notice} onSignedIn={() => void current.look()} />
    case 'chat':
      return (
        <ClientContext value={page.client}>
          {/* What is kept of one person's conversations is no other's. */}
          <Chat
            key={personKey(page.client)}
            onSignOut={framed ? undefined : current.leave}
          />
        </ClientContext>
      )
  }
}

function personKey({ store }: ChatClient): string {
  const { tenant, me } = store.get()
  return `${tenant}/${me.userId}`
}
