import type { Attention } from '../model/notificationRule'

/** What the tabs of one person in one browser have in common: a channel between them, and one lock. */
export interface TabLink {
  /** Runs when this tab leads; only one tab at a time does. The answer gives the lead up. */
  lead(onLeading: () => void): () => void
  send(message: unknown): void
  /** Messages of the other tabs; the answer ends it. */
  receive(listen: (message: unknown) => void): () => void
}

type TabMessage = { type: 'attention'; tab: string; attention: Attention; leading: boolean } | { type: 'asks' } | { type: 'closed'; tab: string }

/** Knows which tab leads and what all of them show: one popup per message and machine needs both (N8, N9). */
export class Tabs {
  readonly #link: TabLink
  readonly #id: string
  readonly #others = new Map<string, { attention: Attention; leading: boolean }>()
  #own: Attention = { openId: undefined, focused: false, lastInput: -Infinity }
  #leading = false
  /** What this tab shows is known: before that nobody can say who has to be told of a message. */
  #told = false
  #led = false
  #stopped = false
  #onLeading: () => void = () => undefined
  #giveUp: () => void = () => undefined
  #endReceiving: () => void = () => undefined

  constructor(link: TabLink, id: string) {
    this.#link = link
    this.#id = id
  }

  start(): void {
    this.#endReceiving = this.#link.receive((message) => {
      this.#receive(message as TabMessage)
    })
    this.#giveUp = this.#link.lead(() => {
      this.#leading = true
      this.#lead()
    })
    // Whoever comes later does not know the others yet.
    this.#link.send({ type: 'asks' } satisfies TabMessage)
  }

  stop(): void {
    this.#link.send({ type: 'closed', tab: this.#id } satisfies TabMessage)
    this.#stopped = true
    this.#leading = false
    this.#giveUp()
    this.#endReceiving()
  }

  get leading(): boolean {
    return this.#leading && this.#told
  }

  /** No tab is known to lead: one soon will, and as far as is known this one. */
  get leaderless(): boolean {
    return !this.leading && ![...this.#others.values()].some(({ leading }) => leading)
  }

  /** Calls back when this tab begins to lead. */
  whenLeading(onLeading: () => void): void {
    this.#onLeading = onLeading
  }

  /** This tab first. */
  get attentions(): Attention[] {
    return [this.#own, ...[...this.#others.values()].map(({ attention }) => attention)]
  }

  tell(attention: Attention): void {
    // Its channel is closed; what is still on the page may have something to tell.
    if (this.#stopped) return
    this.#told = true
    const { openId, focused, lastInput } = this.#own
    const same = openId === attention.openId && focused === attention.focused
    // Each key is an input: the others need not hear of every one.
    if (!same || attention.lastInput - lastInput >= tellEveryMs) {
      this.#own = attention
      this.#tell()
    }
    this.#lead()
  }

  #lead(): void {
    if (this.#led || !this.leading) return
    this.#led = true
    this.#tell()
    this.#onLeading()
  }

  #tell(): void {
    this.#link.send({ type: 'attention', tab: this.#id, attention: this.#own, leading: this.leading } satisfies TabMessage)
  }

  #receive(message: TabMessage): void {
    switch (message.type) {
      case 'attention':
        this.#others.set(message.tab, { attention: message.attention, leading: message.leading })
        break
      case 'asks':
        this.#tell()
        break
      case 'closed':
        this.#others.delete(message.tab)
    }
  }
}

const tellEveryMs = 5_000
