import { recordSeparator, RecordSplitter } from '../protocol/hubFrames'
import type {
  Change,
  Conversation,
  Draft,
  ErrorCode,
  EventName,
  Events,
  Fact,
  FoundPerson,
  Member,
  Message,
  MethodName,
  Methods,
  Person,
  PersonPresence,
  SyncedConversation,
  Unread,
} from '../protocol/wire'
import { applyChanges } from '../model/unreadRules'

type Stored = {
  id: string
  kind: Conversation['kind']
  title?: string
  members: string[]
  changes: Change[]
  messages: Message[]
  rows: Map<string, { readSeq: number; readVersion: number }>
}

/** One client's end of the wire, as the gateway sees it. */
export interface Peer {
  send(text: string): void
  close(): void
}

export type Session = { userId: string; receive(text: string): void; closed(): void }

type LiveSession = { userId: string; peer: Peer; ready: boolean; deaf: boolean }

type Refusal = { code: ErrorCode; retryAfterMs?: number; recipients?: number; draft?: Draft }

/** A gateway in memory that speaks docs/protocol.md: for tests of the whole client, and for looking at it. */
export class FakeGateway {
  readonly people: readonly Person[]
  readonly #now: () => number
  readonly #conversations = new Map<string, Stored>()
  readonly #sessions = new Set<LiveSession>()
  /** By person, then by conversation; empty ones keep their version. */
  readonly #drafts = new Map<string, Map<string, Draft>>()
  /** How many conversations each `Sync` asked for. */
  readonly syncs: number[] = []
  readonly posts: { userId: string; clientId: string; text: string }[] = []
  /** Refusals for the next posts, first come first served. */
  readonly postRefusals: Refusal[] = []
  readonly draftRefusals: Refusal[] = []
  readonly historyRefusals: Refusal[] = []
  /** People who are told of no post, though it names them. */
  notMembers: string[] = []
  /** Of the next posts so many are stored, but their answers are lost with the connection. */
  losePostAnswers = 0
  silentEvents = false
  /** People whom the helpdesk has deactivated. */
  readonly inactive = new Set<string>()
  /** How people are seen; the others are unknown. */
  readonly presence = new Map<string, PersonPresence>()
  /** Answers of methods that this gateway does not know by itself. */
  readonly answers: { [Name in MethodName]?: (userId: string, request: Methods[Name]['request']) => object } = {}
  /** Every call, in order. */
  readonly calls: { userId: string; method: MethodName; request: unknown }[] = []

  constructor(people: readonly Person[], now: () => number) {
    this.people = people
    this.#now = now
  }

  connect(userId: string, peer: Peer): Session {
    const session: LiveSession = { userId, peer, ready: false, deaf: false }
    const splitter = new RecordSplitter()
    this.#sessions.add(session)
    return {
      userId,
      receive: (text) => {
        for (const record of splitter.push(text)) this.#read(session, record)
      },
      closed: () => {
        this.#sessions.delete(session)
      },
    }
  }

  /** Everybody is thrown out, as when the process dies. */
  crash(): void {
    for (const session of [...this.#sessions]) {
      this.#sessions.delete(session)
      session.peer.close()
    }
  }

  send<Name extends EventName>(userId: string, event: Name, body: Events[Name]): void {
    for (const session of this.#sessions) if (session.userId === userId) this.#event(session, event, body)
  }

  startGroup(id: string, title: string, members: string[]): void {
    this.#conversations.set(id, { id, kind: 'group', title, members, changes: [], messages: [], rows: new Map() })
    const creator = members[0] ?? ''
    this.#append(id, creator, { text: '', fact: { kind: 'created', targets: [], after: title } })
  }

  /** Without a fact, as a client that was away finds it. */
  leaves(id: string, userId: string): void {
    const { members } = this.#stored(id)
    members.splice(members.indexOf(userId), 1)
  }

  joins(id: string, userId: string): void {
    this.#stored(id).members.push(userId)
  }

  post(conversationId: string, userId: string, text: string, time?: number): Message {
    return this.#append(conversationId, userId, { text }, newClientId(), time)
  }

  addFact(conversationId: string, userId: string, fact: Fact): Message {
    return this.#append(conversationId, userId, { text: '', fact })
  }

  addUnknownChange(conversationId: string): void {
    const conversation = this.#stored(conversationId)
    const change: Change = { type: 'changed', rev: conversation.changes.length + 1 }
    conversation.changes.push(change)
    this.#publish(conversation, change)
  }

  direct(a: string, b: string): string {
    return `dm/${[a, b].sort().join('~')}`
  }

  conversation(conversationId: string, userId: string): Conversation {
    return this.#describe(this.#stored(conversationId), userId)
  }

  messages(conversationId: string): Message[] {
    return messagesOf(this.#stored(conversationId))
  }

  #read(session: LiveSession, record: string): void {
    const message = JSON.parse(record) as { type?: number; invocationId?: string; target?: string; arguments?: unknown[] }
    if (!session.ready) {
      session.ready = true
      session.peer.send(`{}${recordSeparator}`)
      this.#event(session, 'welcome', {
        protocol: 1,
        tenant: 'demo',
        user: this.#person(session.userId),
        permissions: [],
        limits: { textScalarsMax: 10_000, textBytesMax: 40_000, pageMax: 200 },
      })
      return
    }
    if (message.type === 6) session.peer.send(`{"type":6}${recordSeparator}`)
    if (message.type !== 1) return
    const result = this.#call(session, message.target as MethodName, message.arguments?.[0])
    if (result === undefined) return
    const completion = { type: 3, invocationId: message.invocationId, result }
    session.peer.send(JSON.stringify(completion) + recordSeparator)
  }

  #call(session: LiveSession, method: MethodName, request: unknown): object | undefined {
    const { userId } = session
    this.calls.push({ userId, method, request })
    switch (method) {
      case 'Post':
        return this.#answerPost(session, request as Methods['Post']['request'])
      case 'History': {
        const refused = this.historyRefusals.shift()
        if (refused !== undefined) return refusal(refused)
        return this.#answerHistory(userId, request as Methods['History']['request'])
      }
      case 'ListConversations':
        return this.#answerList(userId, request as Methods['ListConversations']['request'])
      case 'Sync':
        this.syncs.push((request as Methods['Sync']['request']).conversations.length)
        return {
          ok: true,
          conversations: (request as Methods['Sync']['request']).conversations.map((point) => this.#sync(userId, point)),
        }
      case 'MarkRead':
        return this.#answerMarkRead(userId, request as Methods['MarkRead']['request'])
      case 'MarkUnread':
        return this.#answerMarkUnread(userId, request as Methods['MarkUnread']['request'])
      case 'SaveDraft':
        return this.#answerSaveDraft(userId, request as Methods['SaveDraft']['request'])
      case 'Drafts':
        return { ok: true, drafts: this.drafts(userId) }
      case 'FindPeople':
        return this.#answerFind(userId, request as Methods['FindPeople']['request'])
      case 'People':
        return { ok: true, people: this.#directory((request as Methods['People']['request']).users) }
      case 'Watch':
        return this.answers.Watch?.(userId, request as Methods['Watch']['request']) ?? this.#answerWatch(request as Methods['Watch']['request'])
      default: {
        const answer = this.answers[method] as ((userId: string, request: unknown) => object) | undefined
        return answer?.(userId, request) ?? { ok: true }
      }
    }
  }

  #answerPost(session: LiveSession, { conversationId, clientId, text }: Methods['Post']['request']): object | undefined {
    const { userId } = session
    this.posts.push({ userId, clientId, text })
    const refused = this.postRefusals.shift()
    if (refused !== undefined) return refusal(refused)
    const known = this.#conversations.get(conversationId)
    const earlier = known && messagesOf(known).find((message) => message.clientId === clientId && message.author.userId === userId)
    const message = earlier ?? this.#append(conversationId, userId, { text }, clientId)
    if (this.losePostAnswers > 0) {
      this.losePostAnswers--
      this.#sessions.delete(session)
      session.peer.close()
      return undefined
    }
    const notMembers = this.notMembers.length === 0 ? {} : { notMembers: this.notMembers }
    return { ok: true, seq: message.seq, rev: message.rev, time: message.time, duplicate: earlier !== undefined, ...notMembers }
  }

  drafts(userId: string): Draft[] {
    return [...(this.#drafts.get(userId)?.values() ?? [])].filter(({ text }) => text !== '')
  }

  #answerSaveDraft(userId: string, { conversationId, text, replyTo, version }: Methods['SaveDraft']['request']): object {
    const refused = this.draftRefusals.shift()
    if (refused !== undefined) return refusal(refused)
    const drafts = this.#drafts.get(userId) ?? new Map<string, Draft>()
    this.#drafts.set(userId, drafts)
    const known = drafts.get(conversationId) ?? { conversationId, version: 0, text: '' }
    if (known.text === text && known.replyTo === replyTo) return { ok: true, draft: known }
    if (version !== (known.text === '' ? 0 : known.version)) return refusal({ code: 'versionStale', draft: known })
    const draft: Draft = { conversationId, version: known.version + 1, text, ...(replyTo === undefined ? {} : { replyTo }) }
    drafts.set(conversationId, draft)
    this.send(userId, 'draftChanged', { conversationId, draft })
    return { ok: true, draft }
  }

  #answerHistory(userId: string, request: Methods['History']['request']): object {
    const conversation = this.#conversations.get(request.conversationId)
    if (conversation === undefined) return { ok: true, messages: [], head: { rev: 0, seq: 0 }, readSeq: 0 }
    if (!conversation.members.includes(userId)) return refusal({ code: 'notFound' })
    const all = messagesOf(conversation)
    const { unread, readSeq } = this.#unread(conversation, userId)
    const limit = request.limit ?? (request.anchor === 'unread' ? 75 : 50)
    const head = { rev: conversation.changes.length, seq: all.length }
    return { ok: true, messages: pageOf(all, request, limit, unread > 0 ? readSeq : undefined), head, readSeq }
  }

  #answerList(userId: string, { limit = 50, after }: Methods['ListConversations']['request']): object {
    const all = [...this.#conversations.values()]
      .filter((conversation) => conversation.members.includes(userId))
      .map((conversation) => this.#describe(conversation, userId))
      .sort(compareConversations)
    const start = after === undefined ? 0 : Number(after)
    const conversations = all.slice(start, start + limit)
    const next = start + limit < all.length ? { next: String(start + limit) } : {}
    return { ok: true, conversations, ...next }
  }

  #answerMarkRead(userId: string, { conversationId, upToSeq }: Methods['MarkRead']['request']): object {
    return { ok: true, unread: this.markRead(conversationId, userId, upToSeq) }
  }

  #answerMarkUnread(userId: string, { conversationId, fromSeq }: Methods['MarkUnread']['request']): object {
    const conversation = this.#stored(conversationId)
    const { readSeq, readVersion } = rowOf(conversation, userId)
    conversation.rows.set(userId, { readSeq: Math.min(readSeq, fromSeq - 1), readVersion: readVersion + 1 })
    const unread = this.#unread(conversation, userId)
    this.send(userId, 'readCursorMoved', { conversationId, unread })
    return { ok: true, unread }
  }

  markRead(conversationId: string, userId: string, upToSeq: number): Unread {
    const conversation = this.#stored(conversationId)
    const row = rowOf(conversation, userId)
    const readSeq = Math.min(upToSeq, messagesOf(conversation).length)
    if (readSeq > row.readSeq) conversation.rows.set(userId, { readSeq, readVersion: row.readVersion + 1 })
    const unread = this.#unread(conversation, userId)
    this.send(userId, 'readCursorMoved', { conversationId, unread })
    return unread
  }

  #answerFind(userId: string, { text, limit = 20 }: Methods['FindPeople']['request']): object {
    const wanted = text.toLowerCase()
    const people: FoundPerson[] = this.people
      .filter((person) => person.name.toLowerCase().includes(wanted))
      .slice(0, limit)
      .map((person) => ({ ...person, conversationId: this.direct(userId, person.userId) }))
    return { ok: true, people }
  }

  #answerWatch({ users }: Methods['Watch']['request']): object {
    const unknown = (userId: string): PersonPresence => ({ userId, state: 'unknown', asOf: new Date(this.#now()).toISOString() })
    return { ok: true, presence: users.map((userId) => this.presence.get(userId) ?? unknown(userId)) }
  }

  #directory(users: readonly string[]): Member[] {
    return this.people
      .filter(({ userId }) => users.includes(userId))
      .map((person) => ({ ...person, active: !this.inactive.has(person.userId) }))
  }

  #sync(userId: string, { id, rev }: { id: string; rev: number }): SyncedConversation {
    const conversation = this.#conversations.get(id)
    if (conversation?.members.includes(userId) !== true) return { id, status: 'gone' }
    const described = this.#describe(conversation, userId)
    if (conversation.changes.length - rev > 200) return { id, status: 'reset', conversation: described }
    return { id, status: 'changes', conversation: described, changes: conversation.changes.slice(rev) }
  }

  #append(
    conversationId: string,
    userId: string,
    { text, fact }: { text: string; fact?: Fact },
    clientId = newClientId(),
    time = this.#now(),
  ): Message {
    const conversation = this.#stored(conversationId)
    const rev = conversation.changes.length + 1
    const message: Message = {
      seq: messagesOf(conversation).length + 1,
      rev,
      kind: fact === undefined ? 'text' : 'system',
      author: { userId, name: this.#person(userId).name },
      clientId,
      text: text.normalize('NFC'),
      time: new Date(time).toISOString(),
      version: 1,
      ...(fact === undefined ? {} : { fact }),
    }
    const change: Change = { type: 'messagePosted', rev, message }
    conversation.changes.push(change)
    conversation.messages.push(message)
    if (fact?.kind === 'renamed' && fact.after !== undefined) conversation.title = fact.after
    this.#publish(conversation, change)
    return message
  }

  #publish(conversation: Stored, change: Change): void {
    if (this.silentEvents) return
    const { type, ...body } = change
    for (const userId of conversation.members) this.send(userId, type, { conversationId: conversation.id, ...body })
  }

  #event(session: LiveSession, target: EventName, body: object): void {
    if (session.ready) session.peer.send(JSON.stringify({ type: 1, target, arguments: [body] }) + recordSeparator)
  }

  #describe(conversation: Stored, userId: string): Conversation {
    const { id, kind, title, members, changes } = conversation
    const all = messagesOf(conversation)
    const last = all.findLast((message) => message.kind === 'text')
    const peer = kind === 'direct' ? this.#person(members.find((member) => member !== userId) ?? userId) : undefined
    return {
      id,
      kind,
      ...(title === undefined ? {} : { title }),
      ...(peer === undefined ? {} : { peer: { userId: peer.userId, name: peer.name } }),
      head: { rev: changes.length, seq: all.length },
      lastActivity: (last ?? all[0])?.time ?? new Date(this.#now()).toISOString(),
      ...(last === undefined ? {} : { lastMessage: { ...last, text: last.text.slice(0, 200) } }),
      unread: this.#unread(conversation, userId),
      level: 'default',
    }
  }

  #unread(conversation: Stored, userId: string): Unread {
    const row = rowOf(conversation, userId)
    const none = { ...row, unread: 0, mentions: 0, rev: 0 }
    return applyChanges(none, conversation.changes, userId, conversation.kind) ?? none
  }

  #stored(id: string): Stored {
    const known = this.#conversations.get(id)
    if (known !== undefined) return known
    if (!id.startsWith('dm/')) throw new Error(`No conversation ${id}.`)
    const members = [...new Set(id.slice(3).split('~'))]
    const created: Stored = { id, kind: 'direct', members, changes: [], messages: [], rows: new Map() }
    this.#conversations.set(id, created)
    return created
  }

  #person(userId: string): Person {
    const person = this.people.find((known) => known.userId === userId)
    if (person === undefined) throw new Error(`No person ${userId}.`)
    return person
  }
}

function messagesOf(conversation: Stored): Message[] {
  return conversation.messages
}

function rowOf(conversation: Stored, userId: string): { readSeq: number; readVersion: number } {
  return conversation.rows.get(userId) ?? { readSeq: 0, readVersion: 1 }
}

function pageOf(
  all: Message[],
  request: Methods['History']['request'],
  limit: number,
  readSeq: number | undefined,
): Message[] {
  switch (request.anchor) {
    case 'latest':
      return all.slice(-limit)
    case 'unread': {
      if (readSeq === undefined) return all.slice(-limit)
      const start = Math.max(0, readSeq - 25)
      return all.slice(start, start + limit)
    }
    case 'before':
      return all.slice(Math.max(0, request.seq - 1 - limit), request.seq - 1)
    case 'after':
      return all.slice(request.seq, request.seq + limit)
    case 'around': {
      const start = Math.max(0, request.seq - 1 - Math.floor(limit / 2))
      return all.slice(start, start + limit)
    }
  }
}

function compareConversations(a: Conversation, b: Conversation): number {
  const block = ({ unread }: Conversation) => (unread.mentions > 0 ? 0 : unread.unread > 0 ? 1 : 2)
  return block(a) - block(b) || (a.lastActivity < b.lastActivity ? 1 : a.lastActivity > b.lastActivity ? -1 : a.id < b.id ? 1 : -1)
}

function refusal(refused: Refusal): object {
  return { ok: false, error: { message: refused.code, ...refused } }
}

let clientIds = 0

function newClientId(): string {
  return `00000000-0000-4000-8000-${String(++clientIds).padStart(12, '0')}`
}
