import type { ChatState } from '../model/chatState'
import { foldName, type Mentionable, mentionableMax, type Nearness, rankMentionable } from '../model/mentionable'
import type { Store } from '../model/store'
import type { ServerEvent } from '../protocol/wire'
import type { Calls, Feature } from './calls'
import type { Clock } from './clock'

/** So long is an answer not asked for again. */
const freshForMs = 30_000
/** So many messages back somebody counts as having written here lately, as for the server. */
const recentMessages = 200

type Answered = { people: readonly Mentionable[]; at: number }

/**
 * Whom a conversation can mention: at once out of what is known here, the server's answers behind it. Kept per
 * conversation; forgotten when its members change.
 */
export class Mentionables implements Feature {
  readonly #store: Store
  readonly #calls: Pick<Calls, 'read'>
  readonly #clock: Clock
  /** By conversation, then by folded text. */
  readonly #answers = new Map<string, Map<string, Answered>>()
  readonly #asking = new Map<string, Promise<boolean>>()

  constructor(store: Store, calls: Pick<Calls, 'read'>, clock: Clock) {
    this.#store = store
    this.#calls = calls
    this.#clock = clock
  }

  /** The best first. Never waits for anybody. */
  find(conversationId: string, text: string): readonly Mentionable[] {
    const wanted = foldName(text.trim())
    const answers = this.#answers.get(conversationId)
    const exact = answers?.get(wanted)
    if (exact !== undefined) return exact.people
    const state = this.#store.get()
    const near = nearness(state, conversationId)
    // Who has a shorter text has everybody with the longer one, if these were all.
    const all = completeFor(answers, wanted)
    if (all !== undefined) return rankMentionable(all.people, wanted, near)
    return rankMentionable(knownHere(state, conversationId, answers, near), wanted, near)
  }

  /** Asks the server, if what it said is missing or old. True when it has answered something that was not known. */
  refresh(conversationId: string, text: string): Promise<boolean> {
    const wanted = foldName(text.trim())
    const answers = this.#answers.get(conversationId)
    const known = answers?.get(wanted) ?? completeFor(answers, wanted)
    if (known !== undefined && this.#clock.now() - known.at < freshForMs) return Promise.resolve(false)
    const key = `${conversationId}\n${wanted}`
    const asked = this.#asking.get(key) ?? this.#ask(conversationId, wanted).finally(() => this.#asking.delete(key))
    this.#asking.set(key, asked)
    return asked
  }

  /** Members have changed: what was answered may be wrong. */
  received(event: ServerEvent): void {
    if (event.type === 'messagePosted' && event.message.fact !== undefined) this.#answers.delete(event.conversationId)
  }

  /** Facts may have been missed: what is known stays, and is asked for behind it. */
  synchronised(): void {
    for (const answers of this.#answers.values()) for (const answer of answers.values()) answer.at = -Infinity
  }

  async #ask(conversationId: string, wanted: string): Promise<boolean> {
    const answer = await this.#calls.read('FindMentionable', { conversationId, text: wanted, limit: mentionableMax })
    if (answer === undefined) return false
    let answers = this.#answers.get(conversationId)
    if (answers === undefined) this.#answers.set(conversationId, (answers = new Map<string, Answered>()))
    answers.set(wanted, { people: answer.people, at: this.#clock.now() })
    this.#store.dispatch({ type: 'peopleFound', people: answer.people })
    return true
  }
}

/** An answer to a shorter text that was not cut off. */
function completeFor(answers: ReadonlyMap<string, Answered> | undefined, wanted: string): Answered | undefined {
  if (answers === undefined) return undefined
  for (let length = wanted.length - 1; length >= 0; length--) {
    const known = answers.get(wanted.slice(0, length))
    if (known !== undefined && known.people.length < mentionableMax) return known
  }
  return undefined
}

function knownHere(
  state: ChatState,
  conversationId: string,
  answers: ReadonlyMap<string, Answered> | undefined,
  { lastSeq }: Nearness,
): Iterable<Mentionable> {
  const people = new Map<string, Mentionable>()
  const add = (userId: string, name: string | undefined) => {
    if (name !== undefined) people.set(userId, { userId, name })
  }
  for (const userId of lastSeq.keys()) add(userId, state.names.get(userId))
  for (const { people: answered } of answers?.values() ?? []) for (const { userId, name } of answered) add(userId, name)
  const conversation = state.conversations.get(conversationId)
  const peer = conversation?.summary?.peer ?? conversation?.virtualPeer
  if (peer !== undefined) add(peer.userId, peer.name)
  add(state.me.userId, state.me.name)
  return people.values()
}

function nearness(state: ChatState, conversationId: string): Nearness {
  const lastSeq = new Map<string, number>()
  for (const { kind, author, seq } of state.conversations.get(conversationId)?.timeline?.messages.slice(-recentMessages) ?? []) {
    if (kind === 'text') lastSeq.set(author.userId, seq)
  }
  const direct = []
  for (const { summary } of state.conversations.values()) {
    if (summary?.peer !== undefined) direct.push({ userId: summary.peer.userId, at: summary.lastActivity })
  }
  direct.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
  return { lastSeq, directPlace: new Map(direct.map(({ userId }, place) => [userId, place])), me: state.me.userId }
}
