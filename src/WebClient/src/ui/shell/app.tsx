import { useCallback, useEffect, useState } from 'react'
import type { PanelFrame } from '../../embed/frame'
import { panelChat, panelSurroundings } from '../../embed/panel'
import { initialChatState } from '../../model/chatState'
import { browserSurroundings, watchLocalStorage } from '../../net/browser'
import { browserStorage } from '../../net/browserStorage'
import { ChatClient } from '../../net/chatClient'
import { DraftStorage } from '../../net/draftStorage'
import { OutboxStorage } from '../../net/outboxStorage'
import type { StopReason } from '../../net/reconnect'
import { readSession, type SessionAnswer, type SignedIn, signOut } from '../../net/sessionApi'
import type { MessageKey } from '../../i18n/words'
import { browserMachine } from '../notifications/machine'
import { ClientContext, useWords } from '../shared/hooks'
import { keepFocus } from '../shared/keepFocus'
import { Chat } from './chat'
import { useRouter } from './route'
import { SignIn } from './signIn'

type Page =
  | { type: 'loading' }
  | { type: 'unreachable' }
  | { type: 'signIn'; development: boolean; notice: MessageKey | undefined }
  | { type: 'chat'; client: ChatClient }

/** In a panel, the page around it says who signs in. */
export function App({ panel }: { panel: PanelFrame | undefined }) {
  const { t } = useWords()
  const router = useRouter()
  const [page, setPage] = useState<Page>({ type: 'loading' })

  const enter = useCallback((answer: SessionAnswer, notice?: MessageKey) => {
    setPage(pageFor(answer, notice, panel))
  }, [panel])

  const read = useCallback(() => panel?.readSession() ?? readSession(), [panel])

  const look = useCallback(
    async (notice?: MessageKey) => {
      enter(await read(), notice)
    },
    [enter, read],
  )

  const leave = useCallback(async () => {
    await signOut()
    await look()
  }, [look])

  useEffect(() => {
    void read().then(enter)
  }, [enter, read])

  useEffect(() => keepFocus(document), [])

  const client = page.type === 'chat' ? page.client : undefined
  useEffect(() => {
    if (client === undefined) return
    const stop = client.subscribeToConnection(() => {
      const state = client.connectionState()
      if (state.type === 'stopped' && leavesChat(state.reason)) void look(noticeOf(state.reason))
    })
    const detach = panel?.attach(panelChat(client, router.openConversation, () => void look()))
    client.start()
    return () => {
      detach?.()
      stop()
      client.stop()
    }
  }, [client, look, panel, router])

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
            <button type="button" className="primary" onClick={() => void look()}>
              {t('shared.retry')}
            </button>
          </section>
        </main>
      )
    case 'signIn':
      return <SignIn development={page.development} notice={page.notice} onSignedIn={() => void look()} />
    case 'chat':
      return (
        <ClientContext value={page.client}>
          {/* What is kept of one person's conversations is no other's. */}
          <Chat
            key={personKey(page.client)}
            onSignOut={panel?.isShown === true ? undefined : leave}
          />
        </ClientContext>
      )
  }
}

function personKey({ store }: ChatClient): string {
  const { tenant, me } = store.get()
  return `${tenant}/${me.userId}`
}

function leavesChat(reason: StopReason): boolean {
  return reason === 'sessionExpired' || reason === 'refused'
}

function noticeOf(reason: StopReason): MessageKey | undefined {
  switch (reason) {
    case 'notStarted':
    case 'signedOut':
      return undefined
    case 'sessionExpired':
      return 'shell.expired'
    case 'refused':
      return 'shell.ended'
  }
}

function pageFor(answer: SessionAnswer, notice: MessageKey | undefined, panel: PanelFrame | undefined): Page {
  switch (answer.type) {
    case 'signedIn':
      return { type: 'chat', client: clientFor(answer, panel) }
    case 'signedOut':
      return { type: 'signIn', development: answer.development, notice }
    case 'unreachable':
      return { type: 'unreachable' }
  }
}

function clientFor(who: SignedIn, panel: PanelFrame | undefined): ChatClient {
  const { tenant, user } = who
  return new ChatClient(
    initialChatState(tenant, user),
    panel === undefined ? browserSurroundings : panelSurroundings(panel, who),
    new OutboxStorage(browserStorage, tenant, user.userId, watchLocalStorage),
    new DraftStorage(browserStorage, tenant, user.userId, watchLocalStorage),
    browserMachine(tenant, user.userId, newUuid),
    newUuid,
  )
}

/** `crypto.randomUUID` is for secure pages only; a helpdesk on a plain local address has random bytes all the same. */
function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const hex = [...bytes].map((byte, index) => {
    const value = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte
    return value.toString(16).padStart(2, '0')
  })
  return [hex.slice(0, 4), hex.slice(4, 6), hex.slice(6, 8), hex.slice(8, 10), hex.slice(10)]
    .map((part) => part.join(''))
    .join('-')
}
