import type { ChatState } from '../model/chatState'
import { Store } from '../model/store'
import type { Attention } from '../model/notificationRule'
import { highestSeq, lowestSeq, messageAt, reachesEnd, reachesStart } from '../model/timeline'
import type { Author, HistoryAnchor, ServerEvent } from '../protocol/wire'
import { type Calls, type Feature, HubCalls } from './calls'
import { Connection, type Surroundings } from './connection'
import { DraftKeeper } from './drafts'
import type { DraftStorage } from './draftStorage'
import { Editing } from './editing'
import { Groups } from './groups'
import { Inbox } from './inbox'
import { Members } from './members'
import { Mentions } from './mentions'
import { Notifications, type Popups } from './notifications'
import { ListPages } from './listPages'
import { Messages } from './messages'
import { Mentionables } from './mentionables'
import type { OutboxStorage } from './outboxStorage'
import { People } from './people'
import { PresenceWatch } from './presence'
import { ReadMarker } from './readMarker'
import type { ReconnectState } from './reconnect'
import { Search } from './search'
import { ShownState } from './shownState'
import { SendQueue } from './sendQueue'
import { Synchroniser } from './synchroniser'
import { TypingSignals } from './typing'
import { type TabLink, Tabs } from './tabs'

const historyPage = 100

/** The browser as one of a person's machines: its tabs, and how it shows popups. */
export type Machine = { tabs: TabLink; popups: Popups; device: string }

/** The one thing the screen talks to: what a person can do in the chat, and the state that comes of it. */
export class ChatClient {
  readonly store: Store
  /** What the page shows of the state. */
  readonly shown: ShownState
  readonly drafts: DraftKeeper
  readonly groups: Groups
  readonly list: ListPages
  readonly messages: Messages
  readonly people: People
  readonly presence: PresenceWatch
  readonly typing: TypingSignals
  readonly mentions: Mentions
  readonly search: Search
  readonly inbox: Inbox
  readonly members: Members
  readonly mentionables: Mentionables
  readonly editing: Editing
  readonly #surroundings: Surroundings
  readonly #connection: Connection
  readonly #synchroniser: Synchroniser
  readonly #calls: Calls
  readonly #readMarker: ReadMarker
  /** All that lives with the connection, in the order in which it is told of things. */
  readonly #features: readonly Feature[]
  readonly #storage: OutboxStorage
  readonly #tabs: Tabs
  readonly #newId: () => string
  readonly #connectionListeners = new Set<() => void>()
  /** What is expected now was asked for. */
  #expectedAsked: string | undefined
  #readingExpected = false
  /** Pages being read, so that scrolling asks for each once. */
  readonly #reading = new Set<string>()
  #endWatching: () => void = () => undefined
  #order = 0
  #attention: Attention | undefined
  #hidesOpen = false
  /** The state is being moved by what the server told by itself. */
  #receiving = false

  constructor(
    initial: ChatState,
    surroundings: Surroundings,
    storage: OutboxStorage,
    draftStorage: DraftStorage,
    machine: Machine,
    newId: () => string,
  ) {
    this.#surroundings = surroundings
    this.#storage = storage
    this.#newId = newId
    this.store = new Store(initial)
    this.shown = new ShownState(this.store, () => this.#receiving, surroundings.clock, surroundings.keys)
    this.#connection = new Connection(surroundings, {
      onState: (state) => {
        this.#connectionMoved(state)
      },
      onEvent: (event) => {
        this.#receiving = true
        try {
          this.#receive(event)
        } finally {
          this.#receiving = false
        }
      },
    })
    const { clock } = surroundings
    this.#calls = new HubCalls(this.#connection, clock, newId)
    this.#readMarker = new ReadMarker(this.store, this.#connection, clock)
    this.drafts = new DraftKeeper(this.store, this.#calls, clock, draftStorage)
    this.mentionables = new Mentionables(this.store, this.#calls, clock)
    this.editing = new Editing(this.store, this.#calls, this.drafts)
    this.groups = new Groups(this.#calls)
    this.list = new ListPages(this.store, this.#calls)
    this.messages = new Messages(this.store, this.#calls)
    this.people = new People(this.store, this.#calls, clock)
    this.presence = new PresenceWatch(this.store, this.#calls, clock)
    this.typing = new TypingSignals(this.store, this.#calls, clock, this.people.need)
    this.mentions = new Mentions(this.store, this.#calls)
    this.search = new Search(this.store, this.#calls, clock)
    this.inbox = new Inbox(this.store, this.#calls)
    this.members = new Members(this.store, this.#calls)
    this.#tabs = new Tabs(machine.tabs, newId())
    this.#features = [
      new SendQueue(this.store, this.#connection, clock, storage, this.#readMarker),
      this.#readMarker,
      this.drafts,
      this.list,
      this.people,
      this.presence,
      this.typing,
      this.mentions,
      new Notifications(this.store, this.#calls, clock, this.#tabs, machine.popups, machine.device),
      this.mentionables,
    ]
    this.#synchroniser = new Synchroniser(this.store, this.#connection, clock, () => {
      for (const feature of this.#features) feature.synchronised?.()
    })
  }

  start(): void {
    const entries = this.#storage.load()
    this.#order = Math.max(0, ...entries.map((entry) => entry.order))
    this.store.dispatch({ type: 'outboxRestored', entries })
    this.drafts.start()
    this.store.subscribe(({ type }) => {
      // A draft is nobody else's concern.
      if (type !== 'draftChanged') this.#stateMoved()
    })
    this.#endWatching()
    this.#endWatching = this.#storage.watch((clientId) => {
      this.store.dispatch({ type: 'entryRemovedElsewhere', clientId })
    })
    this.shown.start()
    this.#tabs.start()
    this.#connection.start()
  }

  stop(): void {
    this.#endWatching()
    for (const feature of this.#features) feature.stop?.()
    this.#tabs.stop()
    this.shown.stop()
    this.#connection.stop('signedOut')
  }

  readonly connectionState = (): ReconnectState => this.#connection.state

  readonly subscribeToConnection = (listener: () => void): (() => void) => {
    this.#connectionListeners.add(listener)
    return () => {
      this.#connectionListeners.delete(listener)
    }
  }

  /** What this tab shows, and whether somebody looks at it: popups go by it. */
  attend(attention: Attention): void {
    this.#attention = attention
    this.#tellTabs()
  }

  /** What is open is not shown, or not yet: whoever sits before it sees nothing of it. The answer ends that. */
  hidesOpen(): () => void {
    this.#hidesOpen = true
    this.#tellTabs()
    return () => {
      this.#hidesOpen = false
      this.#tellTabs()
    }
  }

  retryNow(): void {
    this.#connection.retryNow()
  }

  openConversation(conversationId: string, peer?: Author): void {
    const { open, conversations } = this.store.get()
    if (open?.id === conversationId && conversations.has(conversationId)) {
      this.#readOpened()
      return
    }
    this.store.dispatch({ type: 'conversationOpened', conversationId, ...(peer === undefined ? {} : { peer }) })
  }

  /** Somebody is about to open it, or may be: it is made ready meanwhile. */
  expectConversation(conversationId: string): void {
    if (this.store.get().next?.id !== conversationId) this.#expectedAsked = undefined
    this.store.dispatch({ type: 'conversationExpected', conversationId })
    this.#readExpected()
  }

  /** Shows a message of a conversation, wherever in it that stands. */
  goToMessage(conversationId: string, seq: number): void {
    this.openConversation(conversationId)
    this.store.dispatch({ type: 'messageWanted', seq })
    const { timeline } = this.#opened()
    const held = timeline !== undefined && lowestSeq(timeline) <= seq && seq <= highestSeq(timeline)
    if (!held && this.#connection.state.type === 'connected') void this.#readHistory(conversationId, { anchor: 'around', seq })
  }

  leaveConversation(): void {
    this.store.dispatch({ type: 'conversationLeft' })
  }

  readOlder(): void {
    const { id, timeline } = this.#opened()
    if (id === undefined || timeline === undefined || reachesStart(timeline)) return
    void this.#readHistory(id, { anchor: 'before', seq: lowestSeq(timeline) })
  }

  readNewer(): void {
    const { id, timeline } = this.#opened()
    if (id === undefined || timeline === undefined || reachesEnd(timeline)) return
    void this.#readHistory(id, { anchor: 'after', seq: highestSeq(timeline) })
  }

  /** Shows the newest messages, whatever part of the conversation is held. */
  goToEnd(): void {
    const { id, timeline } = this.#opened()
    if (id === undefined || timeline === undefined) return
    if (reachesEnd(timeline)) this.store.dispatch({ type: 'endWanted' })
    else void this.#readHistory(id, { anchor: 'latest' })
  }

  write(conversationId: string, text: string): void {
    const replyTo = this.store.get().composing.get(conversationId)?.replyTo?.seq
    const entry = {
      clientId: this.#newId(),
      conversationId,
      text,
      ...(replyTo === undefined ? {} : { replyTo }),
      createdAt: this.#surroundings.clock.now(),
      order: ++this.#order,
      status: { type: 'sending' },
    } as const
    this.typing.sent(conversationId)
    this.store.dispatch({ type: 'messageWritten', entry })
    this.goToEnd()
  }

  retrySending(clientId: string): void {
    this.store.dispatch({ type: 'sendingRetried', clientId, now: this.#surroundings.clock.now() })
  }

  discard(clientId: string): void {
    this.store.dispatch({ type: 'entryDiscarded', clientId })
  }

  /** Takes a message that was not sent back into the composer. What is there already is kept below it. */
  editUnsent(clientId: string): void {
    const { outbox, drafts, conversations } = this.store.get()
    const entry = outbox.find((known) => known.clientId === clientId)
    if (entry === undefined) return
    const { conversationId, text, replyTo } = entry
    const draft = drafts.get(conversationId) ?? ''
    const answered = messageAt(conversations.get(conversationId)?.timeline, replyTo)
    this.store.dispatch({ type: 'entryDiscarded', clientId })
    if (answered?.deletedAt === undefined && answered !== undefined) this.store.dispatch({ type: 'replyChosen', conversationId, message: answered })
    this.drafts.change(conversationId, draft === '' ? text : `${text}\n${draft}`)
  }

  displayed(conversationId: string, seq: number): void {
    this.#readMarker.displayed(conversationId, seq)
  }

  #opened(): { id: string | undefined; timeline: ReturnType<typeof timelineIn> } {
    const state = this.store.get()
    return { id: state.open?.id, timeline: timelineIn(state, state.open?.id) }
  }

  #stateMoved(): void {
    this.#storage.save(this.store.get().outbox)
    if (this.#connection.state.type !== 'connected') return
    this.#synchroniser.repair()
    for (const feature of this.#features) feature.moved?.()
    this.#readOpened()
  }

  /** An open conversation without messages, or without those that are unread, reads them. */
  #readOpened(): void {
    const { open, conversations, buffered } = this.store.get()
    if (this.#connection.state.type !== 'connected') return
    if (open === undefined || buffered !== undefined || !conversations.has(open.id)) return
    const timeline = timelineIn(this.store.get(), open.id)
    if (timeline !== undefined && open.settled) return
    if (open.target === 'message' && open.targetSeq !== undefined) void this.#readHistory(open.id, { anchor: 'around', seq: open.targetSeq })
    else void this.#readHistory(open.id, { anchor: open.settled ? 'latest' : 'unread' })
  }

  /** One at a time, and each once: nothing that somebody wants waits behind them. */
  #readExpected(): void {
    const { next, buffered } = this.store.get()
    if (next === undefined || next.id === this.#expectedAsked || this.#readingExpected) return
    if (buffered !== undefined || this.#connection.state.type !== 'connected') return
    if (next.settled && timelineIn(this.store.get(), next.id) !== undefined) return
    this.#expectedAsked = next.id
    this.#readingExpected = true
    void this.#readHistory(next.id, { anchor: 'unread' }).finally(() => {
      this.#readingExpected = false
      this.#readExpected()
    })
  }

  async #readHistory(conversationId: string, anchor: HistoryAnchor): Promise<void> {
    const page = `${anchor.anchor} ${conversationId}`
    if (this.#reading.has(page)) return
    this.#reading.add(page)
    const isOpen = () => this.store.get().open?.id === conversationId
    let answer
    try {
      const limit = anchor.anchor === 'before' || anchor.anchor === 'after' ? { limit: historyPage } : {}
      const request = { conversationId, ...anchor, ...limit }
      // What is only expected is asked for once: where the server has no time for it, it is read when it is opened.
      answer = await this.#calls.readWhile('History', request, isOpen)
    } finally {
      this.#reading.delete(page)
    }
    const isWanted = isOpen() || (this.store.get().next?.id === conversationId && anchor.anchor === 'unread')
    if (!answer.ok) {
      const virtual = this.store.get().conversations.get(conversationId)?.virtualPeer !== undefined
      if (answer.error.code === 'notFound' && !virtual) {
        this.store.dispatch({ type: 'synced', conversations: [{ id: conversationId, status: 'gone' }] })
      }
      return
    }
    if (!isWanted) return
    const { messages, head, readSeq } = answer
    this.store.dispatch({ type: 'historyRead', conversationId, anchor: anchor.anchor, messages, head, readSeq })
  }

  #tellTabs(): void {
    if (this.#attention === undefined) return
    this.#tabs.tell(this.#hidesOpen ? { ...this.#attention, openId: undefined } : this.#attention)
  }

  /** Another tab may have signed somebody else in: nothing of one person goes to the other (R3). */
  #isMine({ tenant, user }: Extract<ServerEvent, { type: 'welcome' }>): boolean {
    const mine = this.store.get()
    return tenant === mine.tenant && user.userId === mine.me.userId
  }

  #receive(event: ServerEvent): void {
    switch (event.type) {
      case 'welcome':
        if (!this.#isMine(event)) {
          this.#connection.stop('sessionExpired')
          return
        }
        this.store.dispatch({ ...event, type: 'welcomed' })
        void this.#synchroniser.begin()
        break
      case 'resync':
        void this.#synchroniser.begin()
        break
      case 'messagePosted':
      case 'messageEdited':
      case 'messageDeleted':
      case 'reactionChanged':
      case 'changed':
      case 'readCursorMoved':
      case 'notificationsChanged':
        this.store.dispatch({ type: 'eventReceived', event })
        break
      case 'permissionsChanged':
        this.store.dispatch(event)
        break
      case 'mentionMarked':
      case 'notifyNow':
      case 'draftChanged':
      case 'presence':
      case 'typing':
      case 'closing':
        break
    }
    for (const feature of this.#features) feature.received?.(event)
  }

  #connectionMoved(state: ReconnectState): void {
    if (state.type !== 'connected') {
      this.#synchroniser.end()
      for (const feature of this.#features) feature.lost?.()
    }
    for (const listener of [...this.#connectionListeners]) listener()
  }
}

function timelineIn(state: ChatState, id: string | undefined) {
  return id === undefined ? undefined : state.conversations.get(id)?.timeline
}
