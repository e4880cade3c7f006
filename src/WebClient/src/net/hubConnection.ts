import { encodeInvocation, handshakeRequest, ping, readHandshake, readRecord, RecordSplitter } from '../protocol/hubFrames'
import type { Answer, MethodName, Methods, ServerEvent } from '../protocol/wire'
import { toServerEvent } from '../protocol/wire'
import type { Clock } from './clock'

/** The part of the browser's WebSocket that the hub needs. */
export interface Socket {
  send(text: string): void
  close(): void
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: (() => void) | null
  onerror: (() => void) | null
}

export interface HubListener {
  onEvent(event: ServerEvent): void
  /** Once, for whatever reason: nothing comes after it. `opened` tells whether the hub had answered the handshake. */
  onClosed(opened: boolean): void
}

/** The connection ended before the answer: what became of the call is unknown. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError'
}

/** The hub could not do anything with the call: a bug or another version, never a matter of luck. */
export class HubCallError extends Error {
  override readonly name = 'HubCallError'
}

export const hubTimes = {
  /** A server that is silent for longer is taken for dead. */
  serverTimeoutMs: 25_000,
  pingEveryMs: 10_000,
  handshakeTimeoutMs: 10_000,
  /**
   * A call is answered within 8 s of its turn, and calls run one after the other: so long without any answer while one
   * is waited for says that the connection is no good.
   */
  callTimeoutMs: 15_000,
} as const

type Call = { resolve: (result: unknown) => void; reject: (error: Error) => void }

/** One WebSocket from opening to its end. It never reopens: reconnecting belongs to `Connection`. */
export class HubConnection {
  readonly #socket: Socket
  readonly #clock: Clock
  readonly #listener: HubListener
  readonly #splitter = new RecordSplitter()
  readonly #calls = new Map<string, Call>()
  #state: 'opening' | 'handshaking' | 'open' | 'closed' = 'opening'
  #lastInvocation = 0
  #cancelSilence: () => void
  #cancelPing: () => void = () => undefined
  #cancelCallTimeout: () => void = () => undefined

  constructor(socket: Socket, clock: Clock, listener: HubListener) {
    this.#socket = socket
    this.#clock = clock
    this.#listener = listener
    this.#cancelSilence = clock.after(hubTimes.handshakeTimeoutMs, () => {
      this.close()
    })
    socket.onopen = () => {
      if (this.#state !== 'opening') return
      this.#state = 'handshaking'
      socket.send(handshakeRequest)
    }
    socket.onmessage = (event) => {
      this.#receive(event.data)
    }
    socket.onclose = () => {
      this.close()
    }
    socket.onerror = () => {
      this.close()
    }
  }

  call<Name extends MethodName>(method: Name, request: Methods[Name]['request']): Promise<Answer<Methods[Name]['answer']>> {
    if (this.#state !== 'open') return Promise.reject(new ConnectionLostError('The hub is not connected.'))
    const invocationId = String(++this.#lastInvocation)
    return new Promise((resolve, reject) => {
      this.#calls.set(invocationId, {
        resolve: (result) => {
          resolve(result as Answer<Methods[Name]['answer']>)
        },
        reject,
      })
      if (this.#calls.size === 1) this.#expectAnswer()
      this.#socket.send(encodeInvocation(invocationId, method, request))
    })
  }

  close(): void {
    if (this.#state === 'closed') return
    const opened = this.#state === 'open'
    this.#state = 'closed'
    this.#cancelSilence()
    this.#cancelPing()
    this.#cancelCallTimeout()
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = this.#socket.onerror = null
    this.#socket.close()
    for (const [invocationId, call] of this.#calls) {
      call.reject(new ConnectionLostError(`The connection ended before call ${invocationId} was answered.`))
    }
    this.#calls.clear()
    this.#listener.onClosed(opened)
  }

  #receive(data: unknown): void {
    if (this.#state === 'closed' || typeof data !== 'string') return
    if (this.#state === 'open') this.#expectMore()
    try {
      for (const record of this.#splitter.push(data)) this.#read(record)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      this.close()
    }
  }

  #read(record: string): void {
    // A record before this one in the same frame may have ended the connection.
    if (this.#is('closed')) return
    if (this.#is('handshaking')) {
      if (readHandshake(record) !== undefined) {
        this.close()
        return
      }
      this.#state = 'open'
      this.#expectMore()
      this.#pingLater()
      return
    }
    const read = readRecord(record)
    switch (read.type) {
      case 'invocation': {
        const event = toServerEvent(read.target, read.body)
        if (event !== undefined) this.#listener.onEvent(event)
        return
      }
      case 'completion': {
        const call = this.#calls.get(read.invocationId)
        if (call === undefined) return
        this.#calls.delete(read.invocationId)
        this.#expectAnswer()
        if (read.error === undefined) call.resolve(read.result)
        else call.reject(new HubCallError(read.error))
        return
      }
      case 'close':
        this.close()
        return
      case 'ping':
      case 'unknown':
        return
    }
  }

  #is(state: 'handshaking' | 'closed'): boolean {
    return this.#state === state
  }

  #expectMore(): void {
    this.#cancelSilence()
    this.#cancelSilence = this.#clock.after(hubTimes.serverTimeoutMs, () => {
      this.close()
    })
  }

  /** The oldest call that is waited for has its turn now. */
  #expectAnswer(): void {
    this.#cancelCallTimeout()
    if (this.#calls.size === 0) return
    this.#cancelCallTimeout = this.#clock.after(hubTimes.callTimeoutMs, () => {
      this.close()
    })
  }

  #pingLater(): void {
    this.#cancelPing = this.#clock.after(hubTimes.pingEveryMs, () => {
      this.#socket.send(ping)
      this.#pingLater()
    })
  }
}
