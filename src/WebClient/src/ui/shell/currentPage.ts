import type { PanelFrame } from '../../embed/frame'
import { panelChat, panelSurroundings } from '../../embed/panel'
import type { MessageKey } from '../../i18n/words'
import { initialChatState } from '../../model/chatState'
import { browserSurroundings, watchLocalStorage } from '../../net/browser'
import { browserStorage } from '../../net/browserStorage'
import { ChatClient } from '../../net/chatClient'
import { DraftStorage } from '../../net/draftStorage'
import { OutboxStorage } from '../../net/outboxStorage'
import type { StopReason } from '../../net/reconnect'
import { readSession, type SessionAnswer, type SignedIn, signOut } from '../../net/sessionApi'
import { browserMachine } from '../notifications/machine'
import type { Router } from './route'

export type Page =
  | { type: 'loading' }
  | { type: 'unreachable' }
  | { type: 'signIn'; development: boolean; notice: MessageKey | undefined }
  | { type: 'chat'; client: ChatClient }

/** What says who is signed in, and makes their chat: the browser, or a test. */
export interface PageSurroundings {
  readSession(): Promise<SessionAnswer>
  signOut(): Promise<void>
  chatOf(who: SignedIn): ChatClient
}

/**
 * Which page there is: that of whoever is signed in. Their chat connects as soon as it is known who they are, and not only when it
 * has been drawn. In a panel, the page around it says who signs in.
 */
export class CurrentPage {
  readonly #panel: PanelFrame | undefined
  readonly #router: Pick<Router, 'openConversation'>
  readonly #surroundings: PageSurroundings
  readonly #listeners = new Set<() => void>()
  #looks = 0
  #page: Page = { type: 'loading' }
  #end: () => void = () => undefined

  constructor(panel: PanelFrame | undefined, router: Pick<Router, 'openConversation'>, surroundings = browserOf(panel)) {
    this.#panel = panel
    this.#router = router
    this.#surroundings = surroundings
  }

  readonly get = (): Page => this.#page

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Looks who is signed in. */
  readonly look = async (notice?: MessageKey): Promise<void> => {
    const look = ++this.#looks
    const answer = await this.#surroundings.readSession()
    // Somebody looked again meanwhile, because somebody signed in or out: what was true before that is not entered.
    if (look === this.#looks) this.#enter(answer, notice)
  }

  /** Looks, and waits until there is what everybody looks at first: the list. */
  readonly begin = async (): Promise<void> => {
    await this.look()
    if (this.#page.type !== 'chat') return
    const { store } = this.#page.client
    await new Promise<void>((resolve) => {
      const end = store.subscribe(() => {
        if (!store.get().listLoaded) return
        end()
        resolve()
      })
    })
  }

  /** Nothing of it is shown any more: its chat ends. */
  readonly end = (): void => {
    // Nor is what is still being asked.
    this.#looks++
    const end = this.#end
    this.#end = () => undefined
    end()
  }

  /** Signs out. */
  readonly leave = async (): Promise<void> => {
    await this.#surroundings.signOut()
    await this.look()
  }

  #enter(answer: SessionAnswer, notice: MessageKey | undefined): void {
    this.end()
    this.#page = this.#pageFor(answer, notice)
    for (const listener of [...this.#listeners]) listener()
  }

  #pageFor(answer: SessionAnswer, notice: MessageKey | undefined): Page {
    switch (answer.type) {
      case 'signedIn':
        return { type: 'chat', client: this.#begin(answer) }
      case 'signedOut':
        return { type: 'signIn', development: answer.development, notice }
      case 'unreachable':
        return { type: 'unreachable' }
    }
  }

  #begin(who: SignedIn): ChatClient {
    const client = this.#surroundings.chatOf(who)
    const stop = client.subscribeToConnection(() => {
      const state = client.connectionState()
      if (state.type === 'stopped' && leavesChat(state.reason)) void this.look(noticeOf(state.reason))
    })
    const detach = this.#panel?.attach(panelChat(client, this.#router.openConversation, () => void this.look()))
    this.#end = () => {
      detach?.()
      stop()
      client.stop()
    }
    client.start()
    return client
  }
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

function browserOf(panel: PanelFrame | undefined): PageSurroundings {
  return {
    readSession: () => panel?.readSession() ?? readSession(),
    signOut,
    chatOf: (who) => clientFor(who, panel),
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
