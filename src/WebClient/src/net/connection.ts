import { closingCode } from '../protocol/closingCodes'
import type { Answer, MethodName, Methods, ServerEvent } from '../protocol/wire'
import type { Clock } from './clock'
import { ConnectionLostError, HubConnection, type Socket } from './hubConnection'
import { nextReconnectState, notStarted, type ReconnectEvent, type ReconnectState, type StopReason } from './reconnect'
import type { WritingKeys } from './shownState'

/** What surrounds the connection: the browser, or a test. */
export interface Surroundings {
  clock: Clock
  /** In [0, 1). */
  random(): number
  openSocket(): Socket
  /** Calls back when the network came back or the tab became visible; the answer ends it. */
  onWorthTrying(run: () => void): () => void
  /** Whether the server still knows who we are: a refused WebSocket does not tell a browser why. */
  isSignedIn(): Promise<boolean>
  /** A session that has expired is not the end: `isSignedIn` has made a new one. */
  readonly renewsSession?: boolean
  readonly keys: WritingKeys
}

export interface ConnectionListener {
  onState(state: ReconnectState): void
  onEvent(event: ServerEvent): void
}

/** Keeps one hub connection alive for as long as somebody is signed in. */
export class Connection {
  readonly #surroundings: Surroundings
  readonly #listener: ConnectionListener
  #state: ReconnectState = notStarted
  #hub: HubConnection | undefined
  #cancelTimer: () => void = () => undefined
  #cancelWorthTrying: () => void = () => undefined

  constructor(surroundings: Surroundings, listener: ConnectionListener) {
    this.#surroundings = surroundings
    this.#listener = listener
  }

  get state(): ReconnectState {
    return this.#state
  }

  start(): void {
    this.#cancelWorthTrying = this.#surroundings.onWorthTrying(() => {
      this.retryNow()
    })
    this.#apply({ type: 'started' })
  }

  stop(reason: StopReason): void {
    this.#cancelWorthTrying()
    this.#apply({ type: 'stopped', reason })
  }

  retryNow(): void {
    this.#apply({ type: 'worthTrying' })
  }

  call<Name extends MethodName>(method: Name, request: Methods[Name]['request']): Promise<Answer<Methods[Name]['answer']>> {
    if (this.#hub === undefined || this.#state.type !== 'connected') {
      return Promise.reject(new ConnectionLostError('Not connected.'))
    }
    return this.#hub.call(method, request)
  }

  #apply(event: ReconnectEvent): void {
    const { clock } = this.#surroundings
    const before = this.#state
    this.#state = nextReconnectState(before, event, clock.now(), event.type === 'lost' ? this.#surroundings.random() : 0)
    if (this.#state === before) return
    this.#cancelTimer()
    this.#cancelTimer = () => undefined
    switch (this.#state.type) {
      case 'connecting':
        this.#open()
        break
      case 'connected':
        break
      case 'waiting':
        this.#cancelTimer = clock.after(this.#state.until - clock.now(), () => {
          this.#apply({ type: 'timeReached' })
        })
        break
      case 'stopped': {
        const hub = this.#hub
        this.#hub = undefined
        hub?.close()
        break
      }
    }
    this.#listener.onState(this.#state)
  }

  #open(): void {
    const hub: HubConnection = new HubConnection(this.#surroundings.openSocket(), this.#surroundings.clock, {
      onEvent: (event) => {
        if (this.#hub === hub) this.#receive(event)
      },
      onClosed: (opened) => {
        if (this.#hub === hub) this.#lose(opened)
      },
    })
    this.#hub = hub
  }

  #receive(event: ServerEvent): void {
    if (event.type === 'welcome') this.#apply({ type: 'welcomed' })
    if (event.type === 'closing') {
      if (event.retryAfterMs !== undefined) this.#apply({ type: 'askedToWait', retryAfterMs: event.retryAfterMs })
      const expired = event.code === closingCode.sessionExpired
      // Asked for at once, so that it is there when the connection is tried again.
      if (expired && this.#surroundings.renewsSession === true) void this.#stopIfSignedOut()
      else if (!event.reconnect) this.stop(expired ? 'sessionExpired' : 'refused')
    }
    this.#listener.onEvent(event)
  }

  #lose(opened: boolean): void {
    this.#hub = undefined
    this.#apply({ type: 'lost' })
    if (!opened) void this.#stopIfSignedOut()
  }

  async #stopIfSignedOut(): Promise<void> {
    if (!(await this.#surroundings.isSignedIn()) && this.#state.type !== 'stopped') this.stop('sessionExpired')
  }
}
