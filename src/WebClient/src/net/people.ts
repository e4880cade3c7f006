import { peerOfId } from '../model/directory'
import type { Store } from '../model/store'
import type { FoundConversation, FoundPerson } from '../protocol/wire'
import type { Calls, Feature } from './calls'
import type { Clock } from './clock'
import { Paced } from './paced'

const askedAtOnceMax = 200
const pace = { collectMs: 20, everyMs: 500 }

/** Who people are: reads names and whether they are still there, as far as something on the page needs it. */
export class People implements Feature {
  readonly #store: Store
  readonly #calls: Calls
  readonly #wanted = new Set<string>()
  readonly #ask: Paced
  #running = false
  #open: string | undefined

  constructor(store: Store, calls: Calls, clock: Clock) {
    this.#store = store
    this.#calls = calls
    this.#ask = new Paced(clock, pace, () => void this.#read())
  }

  /** Something shows these people: what the directory says of them will be in the state. */
  readonly need = (userIds: readonly string[]): void => {
    const { directory } = this.#store.get()
    for (const userId of userIds) if (!directory.has(userId)) this.#wanted.add(userId)
    if (this.#running && this.#wanted.size > 0) this.#ask.want()
  }

  /** Undefined when nobody can be asked for now. */
  async findConversations(text: string, limit = 20): Promise<FoundConversation[] | undefined> {
    return (await this.#calls.read('FindConversations', { text, limit }))?.conversations
  }

  /** Undefined when nobody can be asked for now. */
  async find(text: string, limit = 20): Promise<FoundPerson[] | undefined> {
    const answer = await this.#calls.read('FindPeople', { text, limit })
    if (answer !== undefined) this.#store.dispatch({ type: 'peopleFound', people: answer.people })
    return answer?.people
  }

  synchronised(): void {
    this.#running = true
    this.#open = undefined
    this.moved()
    this.need([])
  }

  /** Somebody may have been deactivated meanwhile: the peer of a conversation that is opened is asked for anew (C13). */
  moved(): void {
    const { open, me } = this.#store.get()
    if (!this.#running || open?.id === this.#open) return
    this.#open = open?.id
    const peer = open === undefined ? undefined : peerOfId(open.id, me.userId)
    if (peer === undefined) return
    this.#wanted.add(peer)
    this.#ask.want()
  }

  lost(): void {
    this.#running = false
    this.#ask.cancel()
  }

  stop(): void {
    this.lost()
  }

  async #read(): Promise<void> {
    const users = [...this.#wanted].slice(0, askedAtOnceMax)
    const answer = await this.#calls.read('People', { users })
    if (answer === undefined) return
    // Ids that nobody has are not asked for again.
    for (const userId of users) this.#wanted.delete(userId)
    this.#store.dispatch({ type: 'peopleRead', asked: users, people: answer.people })
    this.need([])
  }
}
