import type { Store } from '../model/store'
import { isBlank } from '../model/textRules'
import { nextExpiry } from '../model/typing'
import type { ServerEvent } from '../protocol/wire'
import type { Calls, Feature } from './calls'
import type { Clock } from './clock'
import { Deadline } from './deadline'
import { Paced } from './paced'

/** Said again while keys keep coming, and ended without any (T1). */
export const typingEveryMs = 5_000

/** The server takes no second beginning of a conversation within this time. */
const beginEveryMs = 2_000

/** Together with `Activity` at most 2/s. */
const viewPace = { collectMs: 0, everyMs: 700 }

type Writing = { conversationId: string; saidAt: number; endBegin: () => void }

/** Tells others that I write, and keeps who of them does. */
export class TypingSignals implements Feature {
  readonly #store: Store
  readonly #calls: Calls
  readonly #clock: Clock
  readonly #askPeople: (userIds: readonly string[]) => void
  readonly #view: Paced
  /** Without a key until then, nobody writes any more. */
  readonly #stop: Deadline
  readonly #begunAt = new Map<string, number>()
  #writing: Writing | undefined
  #running = false
  #viewed: string | undefined
  #expiry: { at: number; cancel: () => void } | undefined

  constructor(store: Store, calls: Calls, clock: Clock, askPeople: (userIds: readonly string[]) => void) {
    this.#store = store
    this.#calls = calls
    this.#clock = clock
    this.#askPeople = askPeople
    this.#stop = new Deadline(clock, () => {
      this.#cease(true)
    })
    this.#view = new Paced(clock, viewPace, () => {
      this.#tellView()
    })
  }

  /** The text in the composer was changed by its writer. */
  changed(conversationId: string, text: string): void {
    if (this.#writing !== undefined && this.#writing.conversationId !== conversationId) this.#cease(true)
    if (isBlank(text)) {
      this.#cease(true)
      return
    }
    if (!this.#mayTell(conversationId)) return
    const now = this.#clock.now()
    const writing = this.#writing ?? this.#begin(conversationId)
    this.#stop.set(typingEveryMs)
    if (now - writing.saidAt >= typingEveryMs) this.#say(writing)
  }

  /** The message itself tells that the writing has ended. */
  sent(conversationId: string): void {
    if (this.#writing?.conversationId === conversationId) this.#cease(false)
  }

  synchronised(): void {
    this.#running = true
    this.#viewed = undefined
    this.moved()
  }

  lost(): void {
    this.#running = false
    this.#view.cancel()
    this.#cease(false)
    this.#begunAt.clear()
  }

  /** The open conversation may be another one, and somebody may have ceased. */
  moved(): void {
    const open = this.#store.get().open?.id
    if (this.#writing !== undefined && this.#writing.conversationId !== open) this.#cease(true)
    if (this.#running && open !== this.#viewed) this.#view.want()
  }

  received(event: ServerEvent): void {
    if (event.type !== 'typing') return
    const { conversationId, userId, typing } = event
    if (!this.#store.get().names.has(userId)) this.#askPeople([userId])
    this.#store.dispatch({ type: 'typingHeard', conversationId, userId, typing, now: this.#clock.now() })
    this.#expectExpiry()
  }

  stop(): void {
    this.lost()
    this.#expiry?.cancel()
    this.#expiry = undefined
  }

  #begin(conversationId: string): Writing {
    const writing: Writing = { conversationId, saidAt: this.#clock.now(), endBegin: () => undefined }
    this.#writing = writing
    const wait = (this.#begunAt.get(conversationId) ?? -Infinity) + beginEveryMs - this.#clock.now()
    if (wait <= 0) this.#say(writing)
    else {
      writing.endBegin = this.#clock.after(wait, () => {
        this.#say(writing)
      })
    }
    return writing
  }

  #say(writing: Writing): void {
    const { conversationId } = writing
    writing.endBegin()
    writing.saidAt = this.#clock.now()
    this.#begunAt.set(conversationId, writing.saidAt)
    void this.#calls.ask('Typing', { conversationId, typing: true })
  }

  #cease(tell: boolean): void {
    const writing = this.#writing
    if (writing === undefined) return
    this.#writing = undefined
    this.#stop.clear()
    writing.endBegin()
    if (tell && this.#running) void this.#calls.ask('Typing', { conversationId: writing.conversationId, typing: false })
  }

  /** Nobody hears it before the first message, nor of somebody who does not show it (T7). */
  #mayTell(conversationId: string): boolean {
    const { status, conversations } = this.#store.get()
    return this.#running && status?.showTyping !== false && conversations.get(conversationId)?.summary !== undefined
  }

  #tellView(): void {
    const open = this.#store.get().open?.id
    if (!this.#running || open === this.#viewed) return
    this.#viewed = open
    void this.#calls.ask('View', { conversationIds: open === undefined ? [] : [open] })
  }

  #expectExpiry(): void {
    const at = nextExpiry(this.#store.get().typing)
    if (at === this.#expiry?.at) return
    this.#expiry?.cancel()
    this.#expiry = undefined
    if (at === undefined) return
    const cancel = this.#clock.after(at - this.#clock.now(), () => {
      this.#expiry = undefined
      this.#store.dispatch({ type: 'typingExpired', now: this.#clock.now() })
      this.#expectExpiry()
    })
    this.#expiry = { at, cancel }
  }
}
