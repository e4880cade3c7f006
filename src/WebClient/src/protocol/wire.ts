/** The wire as docs/protocol.md has it, version 1: names here are the names there, and nothing else is. */
export const protocolVersion = 1

export type Role = 'agent' | 'supervisor' | 'admin' | 'owner'

export type Author = { userId: string; name: string }

export type Person = { userId: string; name: string; role: Role }

export type FoundPerson = Person & { conversationId: string }

export type FactKind = 'created' | 'added' | 'removed' | 'left' | 'renamed' | 'retention-changed'

export type Fact = { kind: FactKind; targets: string[]; before?: string; after?: string }

export type MessageKind = 'text' | 'system'

export type Message = {
  seq: number
  rev: number
  kind: MessageKind
  author: Author
  clientId: string
  text: string
  time: string
  fact?: Fact
  version: number
  editedAt?: string
  deletedAt?: string
  mentions?: Mentions
  replyTo?: Quote
  reactions?: Reaction[]
}

export type Mentions = { users: string[]; all: boolean; here: string[] }

export type Quote = { seq: number; author: Author; text: string; deleted: boolean }

export type Reaction = { emoji: string; count: number; users: string[]; mine: boolean }

export type Revision = {
  seq: number
  authorId: string
  version: number
  text: string
  editedAt: string
  postedAt: string
  mentionsBefore?: Mentions
  mentions?: Mentions
}

export type Deletion = {
  seq: number
  authorId: string
  deletedAt: string
  postedAt: string
  mentionsBefore?: Mentions
  lastMessage?: Message
  lastActivity?: string
}

export type ReactionChange = {
  seq: number
  userId: string
  emoji: string
  added: boolean
  count: number
  users: string[]
}

export type Head = { rev: number; seq: number }

export type Unread = { readSeq: number; unread: number; mentions: number; rev: number; readVersion: number }

export type ConversationKind = 'direct' | 'group' | 'notes' | 'contact'

export type Conversation = {
  id: string
  kind: ConversationKind
  title?: string
  peer?: Author
  head: Head
  lastActivity: string
  lastMessage?: Message
  unread: Unread
}

export type SyncPoint = { id: string; rev: number }

export type Change =
  | { type: 'messagePosted'; rev: number; message: Message }
  | { type: 'messageEdited'; rev: number; edited: Revision }
  | { type: 'messageDeleted'; rev: number; deleted: Deletion }
  | { type: 'reactionChanged'; rev: number; reacted: ReactionChange }
  | { type: 'changed'; rev: number }

export type SyncedConversation =
  | { id: string; status: 'changes'; conversation: Conversation; changes: Change[] }
  | { id: string; status: 'reset'; conversation: Conversation }
  | { id: string; status: 'gone' }

export type Limits = { textScalarsMax: number; textBytesMax: number; pageMax: number }

export type ErrorCode =
  | 'invalidRequest'
  | 'notFound'
  | 'textEmpty'
  | 'textTooLong'
  | 'textInvalid'
  | 'clientIdReused'
  | 'rateLimited'
  | 'overloaded'
  | 'unavailable'
  | 'timeout'

export type WireError = { code: ErrorCode; message: string; retryAfterMs?: number }

export type Answer<T> = ({ ok: true } & T) | { ok: false; error: WireError }

export type HistoryAnchor =
  | { anchor: 'latest' | 'unread' }
  | { anchor: 'before' | 'after' | 'around'; seq: number }

/** Every method of the hub: what it takes and what it answers when it does not refuse. */
export type Methods = {
  Post: {
    request: { conversationId: string; clientId: string; text: string }
    answer: { seq: number; rev: number; time: string; duplicate: boolean }
  }
  History: {
    request: { conversationId: string; limit?: number } & HistoryAnchor
    answer: { messages: Message[]; head: Head; readSeq: number }
  }
  ListConversations: {
    request: { limit?: number; after?: string }
    answer: { conversations: Conversation[]; next?: string }
  }
  Sync: {
    request: { conversations: SyncPoint[] }
    answer: { conversations: SyncedConversation[] }
  }
  MarkRead: {
    request: { conversationId: string; upToSeq: number }
    answer: { unread: Unread }
  }
  FindPeople: {
    request: { text: string; limit?: number }
    answer: { people: FoundPerson[] }
  }
}

export type MethodName = keyof Methods

/** Every event of the hub: what its one object carries. */
export type Events = {
  welcome: { protocol: number; tenant: string; user: Person; limits: Limits }
  messagePosted: { conversationId: string; rev: number; message: Message }
  messageEdited: { conversationId: string; rev: number; edited: Revision }
  messageDeleted: { conversationId: string; rev: number; deleted: Deletion }
  reactionChanged: { conversationId: string; rev: number; reacted: ReactionChange }
  changed: { conversationId: string; rev: number }
  readCursorMoved: { conversationId: string; unread: Unread }
  resync: Record<string, never>
  closing: { code: number; reconnect: boolean; retryAfterMs?: number }
}

export type EventName = keyof Events

export type ServerEvent = { [Name in EventName]: { type: Name } & Events[Name] }[EventName]

const eventNames: Record<EventName, true> = {
  welcome: true,
  messagePosted: true,
  messageEdited: true,
  messageDeleted: true,
  reactionChanged: true,
  changed: true,
  readCursorMoved: true,
  resync: true,
  closing: true,
}

/** An event this client knows; a newer server's others are ignored, as the protocol asks. */
export function toServerEvent(target: string, body: unknown): ServerEvent | undefined {
  if (!Object.hasOwn(eventNames, target) || typeof body !== 'object' || body === null) return undefined
  return { ...body, type: target } as ServerEvent
}
