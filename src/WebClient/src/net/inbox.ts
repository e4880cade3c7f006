import type { Store } from '../model/store'
import type { Methods, NotificationLevel } from '../protocol/wire'
import type { Calls } from './calls'

type Mute = { mute: 'off' } | { mute: 'on'; mutedUntil?: string }

/** What I decide about my own list: all read at once, which conversations notify me, which are muted. */
export class Inbox {
  readonly #store: Store
  readonly #calls: Calls

  constructor(store: Store, calls: Calls) {
    this.#store = store
    this.#calls = calls
  }

  /** The answer names the undo, which the server keeps for 10 s. Undefined: it did not work. */
  async markAllRead(): Promise<Methods['MarkAllRead']['answer'] | undefined> {
    const answer = await this.#calls.ask('MarkAllRead', {})
    return answer.ok ? answer : undefined
  }

  /** How many conversations are as they were. Undefined: too late. */
  async undoMarkAllRead(undo: string): Promise<number | undefined> {
    const answer = await this.#calls.ask('UndoMarkAllRead', { undo })
    return answer.ok ? answer.conversations : undefined
  }

  setLevel(conversationId: string, level: NotificationLevel): Promise<boolean> {
    return this.#set({ conversationId, level })
  }

  setMute(conversationId: string, mute: Mute): Promise<boolean> {
    return this.#set({ conversationId, ...mute })
  }

  async #set(request: Methods['SetNotifications']['request']): Promise<boolean> {
    const answer = await this.#calls.ask('SetNotifications', request)
    if (!answer.ok) return false
    const { level, unread } = answer
    this.#store.dispatch({ type: 'levelSet', conversationId: request.conversationId, level, unread })
    return true
  }
}
