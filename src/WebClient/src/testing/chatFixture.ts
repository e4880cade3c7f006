import { initialChatState, type ChatState } from '../model/chatState'
import { ChatClient, type Machine } from '../net/chatClient'
import { DraftStorage } from '../net/draftStorage'
import type { Socket } from '../net/hubConnection'
import { type KeyValueStorage, OutboxStorage, type WatchStorage } from '../net/outboxStorage'
import type { Person } from '../protocol/wire'
import type { FakeClock} from './fakeClock';
import { settle } from './fakeClock'
import type { FakeGateway} from './fakeGateway';
import { type Session } from './fakeGateway'
import { noKeys } from './noKeys'
import { uuid } from './samples'

export const people: Person[] = [
  { userId: 'ann', name: 'Ann', role: 'agent' },
  { userId: 'bob', name: 'Bob', role: 'agent' },
  { userId: 'cara', name: 'Cara', role: 'admin' },
]

type Items = { values: Map<string, string>; tabs: Set<MemoryStorage> }

/** One tab's view of a storage; every tab hears of the others' changes a little later. */
export class MemoryStorage implements KeyValueStorage {
  readonly #items: Items
  readonly #watchers = new Set<(key: string | null, value: string | null) => void>()
  /** Word of changes does not come. */
  deaf = false
  /** Nothing more fits in. */
  full = false

  constructor(items: Items = { values: new Map(), tabs: new Set() }) {
    this.#items = items
    items.tabs.add(this)
  }

  otherTab(): MemoryStorage {
    return new MemoryStorage(this.#items)
  }

  readonly watch: WatchStorage = (changed) => {
    this.#watchers.add(changed)
    return () => {
      this.#watchers.delete(changed)
    }
  }

  get length(): number {
    return this.#items.values.size
  }

  key(index: number): string | null {
    return [...this.#items.values.keys()][index] ?? null
  }

  getItem(key: string): string | null {
    return this.#items.values.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    if (this.full) throw new Error('full')
    this.#items.values.set(key, value)
    this.#tell(key, value)
  }

  removeItem(key: string): void {
    if (this.#items.values.delete(key)) this.#tell(key, null)
  }

  clear(): void {
    this.#items.values.clear()
    this.#tell(null, null)
  }

  #tell(key: string | null, value: string | null): void {
    for (const tab of this.#items.tabs) {
      if (tab === this) continue
      void Promise.resolve().then(() => {
        if (!tab.deaf) for (const changed of tab.#watchers) changed(key, value)
      })
    }
  }
}

/** A browser with one tab that shows nothing. */
const loneMachine: Machine = {
  tabs: { lead: () => () => undefined, send: () => undefined, receive: () => () => undefined },
  popups: { show: () => undefined, showSummary: () => undefined, close: () => undefined },
  device: 'test',
}

/** A person's chat client in front of a fake gateway, on a clock the test owns. */
export class TestUser {
  readonly client: ChatClient
  readonly #gateway: FakeGateway
  readonly userId: string
  online = true
  /** Whose cookie the browser has now. */
  signedIn: string
  #worthTrying: () => void = () => undefined

  constructor(gateway: FakeGateway, clock: FakeClock, userId: string, storage = new MemoryStorage()) {
    this.#gateway = gateway
    this.userId = userId
    this.signedIn = userId
    const me = people.find((person) => person.userId === userId)
    if (me === undefined) throw new Error(`No person ${userId}.`)
    this.client = new ChatClient(
      initialChatState('demo', me),
      {
        clock,
        random: () => 0.5,
        keys: noKeys,
        openSocket: () => this.#openSocket(),
        onWorthTrying: (run) => {
          this.#worthTrying = run
          return () => undefined
        },
        isSignedIn: () => Promise.resolve(true),
      },
      new OutboxStorage(storage, 'demo', userId, storage.watch),
      new DraftStorage(storage, 'demo', userId, storage.watch),
      loneMachine,
      () => uuid(nextClientId++),
    )
  }

  get state(): ChatState {
    return this.client.store.get()
  }

  async comes(): Promise<this> {
    this.client.start()
    await settle()
    return this
  }

  async comesBack(): Promise<void> {
    this.online = true
    this.#worthTrying()
    await settle()
  }

  async opens(conversationId: string): Promise<void> {
    this.client.openConversation(conversationId, { userId: 'bob', name: 'Bob' })
    await settle()
  }

  async writes(conversationId: string, text: string): Promise<void> {
    this.client.write(conversationId, text)
    await settle()
  }

  /** What stands in the open conversation: messages, then what is on its way. */
  sees(): string[] {
    const { open, conversations, outbox } = this.state
    const shown = conversations.get(open?.id ?? '')?.timeline?.messages.map((message) => message.text) ?? []
    const pending = outbox
      .filter((entry) => entry.conversationId === open?.id)
      .map((entry) => `${entry.text} (${entry.status.type})`)
    return [...shown, ...pending]
  }

  #openSocket(): Socket {
    const socket: Socket = {
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: (text) => {
        // The gateway answers a little later, as everything does that comes over a network.
        void Promise.resolve().then(() => {
          session?.receive(text)
        })
      },
      close: () => {
        session?.closed()
        session = undefined
      },
    }
    let session: Session | undefined
    void Promise.resolve().then(() => {
      if (!this.online) {
        socket.onclose?.()
        return
      }
      session = this.#gateway.connect(this.signedIn, {
        send: (text) => {
          void Promise.resolve().then(() => {
            socket.onmessage?.({ data: text })
          })
        },
        close: () => socket.onclose?.(),
      })
      socket.onopen?.()
    })
    return socket
  }
}

let nextClientId = 100_000
