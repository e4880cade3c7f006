import type { Clock } from '../net/clock'
import type { SessionAnswer, SignedIn } from '../net/sessionApi'
import { readHostMessage, toPosted, type FrameMessage, type HostMessage, type SignInProblem, type TokenReason, type UnreadCounts } from './messages'

/** What surrounds the chat in a frame: the browser and the gateway, or a test. */
export interface FrameSurroundings {
  clock: Clock
  /** The window around; undefined when nobody shows the page in a frame. */
  parent: Pick<Window, 'postMessage'> | undefined
  onMessage(listener: (event: Pick<MessageEvent, 'source' | 'origin' | 'data'>) => void): void
  /** The origins that may show the panel; undefined when the gateway does not answer. */
  readFrameOrigins(): Promise<readonly string[] | undefined>
  /** Exchanges a token for the panel's cookie. */
  exchange(token: string): Promise<'done' | 'refused' | 'unavailable'>
  readSession(): Promise<SessionAnswer>
  signOut(): Promise<void>
}

/** The chat as far as the page around it is concerned. */
export interface PanelChat {
  unread(): UnreadCounts
  /** Calls back when what is unread may have changed; the answer ends it. */
  subscribe(listener: () => void): () => void
  open(conversationId: string): void
  /** The helpdesk has signed the person out. */
  leave(): void
}

/** A page that has the script greets the frame as soon as it is loaded. */
const helloWithinMs = 20_000
/** The helpdesk may have to ask its own server. */
const tokenWithinMs = 60_000
/** Messages that wait until it is known whose may be heard. */
const waitingMax = 16

/**
 * The chat's side of a panel. It listens to the window around it alone, and only when that is of an origin that the tenant
 * named; the first such origin that greets is the host, and nothing is ever posted elsewhere. Who is signed in, the host
 * decides: each beginning asks it for a token, whatever cookie is there.
 */
export class PanelFrame {
  readonly #surroundings: FrameSurroundings
  #origins: readonly string[] | undefined
  #host: string | undefined
  readonly #waiting: { origin: string; message: HostMessage }[] = []
  readonly #greeted = new Set<() => void>()
  #tokenCame: ((token: string | undefined) => void) | undefined
  #entering: Promise<SessionAnswer> | undefined
  #wasSignedIn = false
  #signedOutByHost = false
  #chat: PanelChat | undefined
  #wanted: string | undefined
  #told: UnreadCounts | undefined

  constructor(surroundings: FrameSurroundings) {
    this.#surroundings = surroundings
    surroundings.onMessage(({ source, origin, data }) => {
      if (surroundings.parent === undefined || source !== surroundings.parent) return
      const message = readHostMessage(data)
      if (message === undefined) return
      if (this.#origins !== undefined) this.#hear(origin, message)
      else if (this.#waiting.length < waitingMax) this.#waiting.push({ origin, message })
    })
  }

  /** Whether a page shows it in a frame: who is signed in is that page's affair then. */
  get isShown(): boolean {
    return this.#surroundings.parent !== undefined
  }

  /** Signs in whom the host names, and says who that is: in the place of asking who is signed in. */
  readSession(): Promise<SessionAnswer> {
    this.#entering ??= this.#enter().finally(() => {
      this.#entering = undefined
    })
    return this.#entering
  }

  /** For a connection that the server does not take: whether the same person is signed in, with a new token if need be. */
  async isStill({ tenant, user }: SignedIn): Promise<boolean> {
    const same = (session: SessionAnswer) =>
      session.type === 'unreachable' || (session.type === 'signedIn' && session.tenant === tenant && session.user.userId === user.userId)
    return same(await this.#surroundings.readSession()) || same(await this.readSession())
  }

  /** Tells the host of what is unread, and does what it asks for; the answer ends it. */
  attach(chat: PanelChat): () => void {
    this.#chat = chat
    if (this.#wanted !== undefined) chat.open(this.#wanted)
    this.#wanted = undefined
    const stop = chat.subscribe(() => {
      this.#tellUnread()
    })
    this.#tellUnread()
    return () => {
      stop()
      if (this.#chat === chat) this.#chat = undefined
    }
  }

  async #enter(): Promise<SessionAnswer> {
    if (this.#surroundings.parent === undefined) return this.#surroundings.readSession()
    if (this.#signedOutByHost) return { type: 'signedOut', development: false }
    if (!(await this.#knowOrigins()) || !(await this.#isGreeted())) return { type: 'unreachable' }
    const token = await this.#askForToken(this.#wasSignedIn ? 'expired' : 'start')
    if (token === undefined) return this.#failed('noToken', { type: 'signedOut', development: false })
    const exchanged = await this.#surroundings.exchange(token)
    if (exchanged === 'refused') return this.#failed('refused', { type: 'signedOut', development: false })
    const session = exchanged === 'done' ? await this.#surroundings.readSession() : ({ type: 'unreachable' } as const)
    switch (session.type) {
      case 'signedIn':
        this.#wasSignedIn = true
        this.#post({ type: 'signedIn' })
        return session
      case 'signedOut':
        return this.#failed('cookieBlocked', { type: 'signedOut', development: false })
      case 'unreachable':
        return this.#failed('unavailable', session)
    }
  }

  #failed(reason: SignInProblem, answer: SessionAnswer): SessionAnswer {
    this.#post({ type: 'signInFailed', reason })
    return answer
  }

  async #knowOrigins(): Promise<boolean> {
    this.#origins ??= await this.#surroundings.readFrameOrigins()
    if (this.#origins === undefined) return false
    for (const { origin, message } of this.#waiting.splice(0)) this.#hear(origin, message)
    return true
  }

  #isGreeted(): Promise<boolean> {
    if (this.#host !== undefined) return Promise.resolve(true)
    return this.#within<true>(helloWithinMs, (done) => {
      const greeted = () => {
        this.#greeted.delete(greeted)
        done(true)
      }
      this.#greeted.add(greeted)
    }).then((greeted) => greeted === true)
  }

  #askForToken(reason: TokenReason): Promise<string | undefined> {
    return this.#within<string>(tokenWithinMs, (done) => {
      this.#tokenCame = done
      this.#post({ type: 'tokenNeeded', reason })
    }).finally(() => {
      this.#tokenCame = undefined
    })
  }

  /** What `begin` ends with; undefined when that takes longer. */
  #within<T>(ms: number, begin: (done: (value: T | undefined) => void) => void): Promise<T | undefined> {
    return new Promise((resolve) => {
      const cancel = this.#surroundings.clock.after(ms, () => {
        resolve(undefined)
      })
      begin((value) => {
        cancel()
        resolve(value)
      })
    })
  }

  #hear(origin: string, message: HostMessage): void {
    if (this.#origins?.includes(origin) !== true) return
    if (this.#host === undefined && message.type === 'hello') this.#host = origin
    if (origin !== this.#host) return
    switch (message.type) {
      case 'hello':
        for (const greeted of [...this.#greeted]) greeted()
        break
      case 'token':
        this.#tokenCame?.(message.token)
        break
      case 'noToken':
        this.#tokenCame?.(undefined)
        break
      case 'open':
        if (this.#chat === undefined) this.#wanted = message.conversationId
        else this.#chat.open(message.conversationId)
        break
      case 'signOut':
        void this.#signOut()
        break
    }
  }

  async #signOut(): Promise<void> {
    try {
      await this.#surroundings.signOut()
    } catch {
      return // The host waits no longer than it wants to; the session then ends by itself.
    }
    this.#signedOutByHost = true
    this.#chat?.leave()
    this.#post({ type: 'signedOut' })
  }

  #tellUnread(): void {
    if (this.#chat === undefined) return
    const { mentions, unread } = this.#chat.unread()
    if (this.#told?.mentions === mentions && this.#told.unread === unread) return
    this.#told = { mentions, unread }
    this.#post({ type: 'unread', mentions, unread })
  }

  #post(message: FrameMessage): void {
    if (this.#host !== undefined) this.#surroundings.parent?.postMessage(toPosted(message), this.#host)
  }
}
