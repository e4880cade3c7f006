import type { Answer, MethodName, Methods, ServerEvent } from '../protocol/wire'
import type { Clock } from './clock'
import type { Connection } from './connection'
import { ConnectionLostError } from './hubConnection'

type Request<Name extends MethodName> = Methods[Name]['request']
type AnswerOf<Name extends MethodName> = Methods[Name]['answer']

/** Methods that change a conversation: stamped with a `clientId`, so that repeating one does not do it twice (M3). */
export type ChangingMethod = {
  [Name in MethodName]: Request<Name> extends { clientId: string } ? Name : never
}[MethodName]

const readAgainMs = 1_000
/** Somebody waits for it: after so long he is told that it did not work. */
const changeWithinMs = 15_000

/** How the parts of the client call the server. */
export interface Calls {
  /** Reads, and waits as often as the server asks to. Undefined: refused, or the connection is lost. */
  read<Name extends MethodName>(method: Name, request: Request<Name>): Promise<AnswerOf<Name> | undefined>
  /** Reads, and waits as often as the server asks to, as long as it is wanted. The answer says what was refused. */
  readWhile<Name extends MethodName>(method: Name, request: Request<Name>, wanted: () => boolean): Promise<Answer<AnswerOf<Name>>>
  /** One call. Without a connection the answer is the refusal `unavailable`. */
  ask<Name extends MethodName>(method: Name, request: Request<Name>): Promise<Answer<AnswerOf<Name>>>
  /** Changes something, with one `clientId` for every repetition, until there is an answer or 15 s have passed. */
  change<Name extends ChangingMethod>(method: Name, request: Omit<Request<Name>, 'clientId'>): Promise<Answer<AnswerOf<Name>>>
}

/** A part of the client that lives with the connection. All of it is called in the order of the parts. */
export interface Feature {
  /** The session is registered and what was missed has been read. */
  synchronised?(): void
  /** The connection is lost. */
  lost?(): void
  received?(event: ServerEvent): void
  /** The state has moved while there is a connection. */
  moved?(): void
  /** The client ends. */
  stop?(): void
}

export class HubCalls implements Calls {
  readonly #connection: Pick<Connection, 'call'>
  readonly #clock: Clock
  readonly #newId: () => string

  constructor(connection: Pick<Connection, 'call'>, clock: Clock, newId: () => string) {
    this.#connection = connection
    this.#clock = clock
    this.#newId = newId
  }

  async read<Name extends MethodName>(method: Name, request: Request<Name>): Promise<AnswerOf<Name> | undefined> {
    const answer = await this.readWhile(method, request, () => true)
    return answer.ok ? answer : undefined
  }

  async readWhile<Name extends MethodName>(method: Name, request: Request<Name>, wanted: () => boolean): Promise<Answer<AnswerOf<Name>>> {
    try {
      for (;;) {
        const answer = await this.#connection.call(method, request)
        if (answer.ok) return answer
        const { code, retryAfterMs } = answer.error
        if ((retryAfterMs === undefined && code !== 'timeout') || !wanted()) return answer
        await this.#wait(retryAfterMs ?? readAgainMs)
      }
    } catch (error) {
      return refusal(error)
    }
  }

  async ask<Name extends MethodName>(method: Name, request: Request<Name>): Promise<Answer<AnswerOf<Name>>> {
    try {
      return await this.#connection.call(method, request)
    } catch (error) {
      return refusal(error)
    }
  }

  async change<Name extends ChangingMethod>(
    method: Name,
    request: Omit<Request<Name>, 'clientId'>,
  ): Promise<Answer<AnswerOf<Name>>> {
    const stamped = { ...request, clientId: this.#newId() } as unknown as Request<Name>
    const until = this.#clock.now() + changeWithinMs
    for (;;) {
      const answer = await this.ask(method, stamped)
      if (answer.ok) return answer
      const { code, retryAfterMs } = answer.error
      const passes = retryAfterMs !== undefined || code === 'timeout' || code === 'unavailable'
      const wait = Math.max(retryAfterMs ?? 0, readAgainMs)
      if (!passes || this.#clock.now() + wait > until) return answer
      await this.#wait(wait)
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve)
    })
  }
}

function refusal(error: unknown): { ok: false; error: { code: 'unavailable' | 'invalidRequest'; message: string } } {
  const code = error instanceof ConnectionLostError ? 'unavailable' : 'invalidRequest'
  return { ok: false, error: { code, message: error instanceof Error ? error.message : String(error) } }
}
