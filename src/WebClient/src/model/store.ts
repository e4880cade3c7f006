import type { ChatAction, ChatState } from './chatState'
import { reduceChat } from './chatReducer'

/** Holds the state and tells who asked when it has moved, and by what. */
export class Store {
  #state: ChatState
  readonly #listeners = new Set<(action: ChatAction) => void>()

  constructor(state: ChatState) {
    this.#state = state
  }

  readonly get = (): ChatState => this.#state

  readonly subscribe = (listener: (action: ChatAction) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  dispatch(action: ChatAction): void {
    const before = this.#state
    this.#state = reduceChat(before, action)
    if (this.#state !== before) for (const listener of [...this.#listeners]) listener(action)
  }
}
