// The wire as docs/protocol.md has it, version 1: names here are the names there, and nothing else is.

export type Role = 'agent' | 'supervisor' | 'admin' | 'owner'

export type Author = { userId: string; name: string }

export type Person = { userId: string; name: string; role: Role }

/** `restricted`: the role may not use the chat, and the person cannot be added to a group. */
export type FoundPerson = Person & { conversationId: string; restricted?: boolean }

/** Somebody of the tenant, as named by membership; `active` is false for who was deactivated. */
export type Member = Person & { active: boolean }

export type PresenceState = 'online' | 'away' | 'dnd' | 'offline' | 'unknown'

/** What others see of a person; of two the one with the later `asOf` is right. */
export type PersonPresence = { userId: string; state: PresenceState; asOf: string; lastSeen?: string; until?: string }

export type ManualStatus = 'auto' | 'away' | 'dnd' | 'offline'

/** What I chose to show of myself. */
export type Me = { status: ManualStatus; until?: string; showTyping: boolean }

export type Permission =
  | 'chat.use'
  | 'chat.dm.start'
  | 'chat.dm.reply'
  | 'chat.group.create'
  | 'chat.group.members'
  | 'chat.group.rename'
  | 'chat.mention_all'
  | 'chat.message.delete_any'
  | 'chat.export'
  | 'chat.audit.read'
  | 'chat.retention'

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

export type Unread = {
  readSeq: number
  unread: number
  mentions: number
  rev: number
  readVersion: number
  mutedFrom?: string
  mutedUntil?: string
}

/** Which messages of a conversation notify me; `default` is `all` in a direct conversation, else `mentions`. */
export type NotificationLevel = 'default' | 'all' | 'mentions' | 'nothing'

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
  level: NotificationLevel
}

/** A message that mentions me by name. */
export type Mention = {
  conversationId: string
  kind: ConversationKind
  title?: string
  message: Message
  unread: boolean
  done: boolean
}

export type FoundConversation = { conversation: Conversation; formerTitle?: string }

export type FoundMessage = { conversationId: string; kind: ConversationKind; title?: string; message: Message }

/** What I have written and not sent yet; of two of one conversation the one with the higher `version` is right. */
export type Draft = { conversationId: string; version: number; text: string; replyTo?: number; time?: string }

/** A text that a message had. */
export type Version = { version: number; text: string; time: string }

export type NotificationOutcome = 'shown' | 'heldByFocus' | 'heldByDnd' | 'closed'

export type NotificationReport = { conversationId: string; seq: number; outcome: NotificationOutcome; at: string }

export type DeviceOutcome = { device: string; outcome: NotificationOutcome; at: string }

export type NotificationReason =
  | 'mention'
  | 'wideMention'
  | 'direct'
  | 'levelAll'
  | 'added'
  | 'own'
  | 'system'
  | 'notMember'
  | 'deleted'
  | 'muted'
  | 'levelMentions'
  | 'levelNothing'

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
  | 'invalidQuery'
  | 'notFound'
  | 'textEmpty'
  | 'textTooLong'
  | 'textInvalid'
  | 'clientIdReused'
  | 'forbidden'
  | 'tooManyMentions'
  | 'wideMentionForbidden'
  | 'confirmationNeeded'
  | 'messageNotFound'
  | 'messageDeleted'
  | 'versionStale'
  | 'editClosed'
  | 'emojiInvalid'
  | 'tooManyReactions'
  | 'notAGroup'
  | 'titleInvalid'
  | 'tooManyMembers'
  | 'unknownMember'
  | 'memberRestricted'
  | 'peerInactive'
  | 'undoExpired'
  | 'tooManyDrafts'
  | 'reasonForgotten'
  | 'rateLimited'
  | 'overloaded'
  | 'unavailable'
  | 'timeout'

/**
 * `version`, `draft`: of `versionStale`, what stands. `recipients`: of `confirmationNeeded`, how many people a wide
 * mention reaches.
 */
export type WireError = {
  code: ErrorCode
  message: string
  retryAfterMs?: number
  version?: number
  recipients?: number
  draft?: Draft
}

export type Answer<T> = ({ ok: true } & T) | { ok: false; error: WireError }

export type HistoryAnchor =
  | { anchor: 'latest' | 'unread' }
  | { anchor: 'before' | 'after' | 'around'; seq: number }

/** What every method that changes a conversation answers. */
export type ChangeAnswer = { rev: number; time: string; duplicate: boolean }

/** People whom a text names who are no members: they were not told. */
export type NotMembers = { notMembers?: string[] }

type Nothing = Record<string, never>

/** Every method of the hub: what it takes and what it answers when it does not refuse. */
export type Methods = {
  Post: {
    request: {
      conversationId: string
      clientId: string
      text: string
      replyTo?: number
      wideConfirmed?: boolean
      lastSeenSeq?: number
    }
    answer: { seq: number; rev: number; time: string; duplicate: boolean } & NotMembers
  }
  Edit: {
    request: { conversationId: string; clientId: string; seq: number; version: number; text: string; wideConfirmed?: boolean }
    answer: ChangeAnswer & NotMembers
  }
  Delete: { request: { conversationId: string; clientId: string; seq: number }; answer: ChangeAnswer }
  React: {
    request: { conversationId: string; clientId: string; seq: number; emoji: string; add: boolean }
    answer: ChangeAnswer
  }
  Versions: { request: { conversationId: string; seq: number }; answer: { versions: Version[] } }
  CreateGroup: {
    request: { clientId: string; title: string; members: string[] }
    answer: { conversationId: string; head: Head }
  }
  AddMembers: { request: { conversationId: string; clientId: string; members: string[] }; answer: ChangeAnswer }
  RemoveMember: { request: { conversationId: string; clientId: string; member: string }; answer: ChangeAnswer }
  Leave: { request: { conversationId: string; clientId: string }; answer: ChangeAnswer }
  Rename: { request: { conversationId: string; clientId: string; title: string }; answer: ChangeAnswer }
  Members: {
    request: { conversationId: string; after?: string; limit?: number }
    answer: { members: Member[]; count: number; next?: string }
  }
  People: { request: { users: string[] }; answer: { people: Member[] } }
  History: {
    request: { conversationId: string; limit?: number } & HistoryAnchor
    answer: { messages: Message[]; head: Head; readSeq: number }
  }
  ListConversations: {
    request: { limit?: number; after?: string; filter?: string }
    answer: { conversations: Conversation[]; next?: string }
  }
  Sync: {
    request: { conversations: SyncPoint[] }
    answer: { conversations: SyncedConversation[] }
  }
  MarkRead: { request: { conversationId: string; upToSeq: number }; answer: { unread: Unread } }
  MarkUnread: { request: { conversationId: string; fromSeq: number }; answer: { unread: Unread } }
  MarkAllRead: { request: Nothing; answer: { conversations: number; undo?: string } }
  UndoMarkAllRead: { request: { undo: string }; answer: { conversations: number } }
  SetNotifications: {
    request: { conversationId: string; level?: NotificationLevel; mute?: 'on' | 'off'; mutedUntil?: string }
    answer: { level: NotificationLevel; unread: Unread }
  }
  Mentions: {
    request: { limit?: number; after?: string; unreadOnly?: boolean }
    answer: { mentions: Mention[]; next?: string }
  }
  MarkMentionDone: { request: { conversationId: string; seq: number; done: boolean }; answer: Nothing }
  FindConversations: { request: { text: string; limit?: number }; answer: { conversations: FoundConversation[] } }
  FindMentionable: { request: { conversationId: string; text: string; limit?: number }; answer: { people: Person[] } }
  WhyNotified: {
    request: { conversationId: string; seq: number }
    answer: { notified: boolean; reason: NotificationReason; devices: DeviceOutcome[] }
  }
  ReportNotifications: { request: { device: string; items: NotificationReport[] }; answer: Nothing }
  NotifyNow: { request: { conversationId: string; seq: number }; answer: { notified: string[]; tooSoon: string[] } }
  SaveDraft: {
    request: { conversationId: string; text: string; replyTo?: number; version: number }
    answer: { draft: Draft }
  }
  Drafts: { request: Nothing; answer: { drafts: Draft[] } }
  FindPeople: { request: { text: string; limit?: number }; answer: { people: FoundPerson[] } }
  Activity: { request: Nothing; answer: Nothing }
  Watch: { request: { users: string[] }; answer: { presence: PersonPresence[] } }
  SetStatus: { request: { status: ManualStatus; until?: string }; answer: { me: Me } }
  SetPreferences: { request: { showTyping: boolean }; answer: { me: Me } }
  View: { request: { conversationIds: string[] }; answer: Nothing }
  Typing: { request: { conversationId: string; typing: boolean }; answer: Nothing }
  Search: { request: { query: string; limit?: number; after?: string }; answer: { messages: FoundMessage[]; next?: string } }
}

export type MethodName = keyof Methods

/** Every event of the hub: what its one object carries. */
export type Events = {
  welcome: { protocol: number; tenant: string; user: Person; me?: Me; permissions: Permission[]; limits: Limits }
  messagePosted: { conversationId: string; rev: number; message: Message }
  messageEdited: { conversationId: string; rev: number; edited: Revision }
  messageDeleted: { conversationId: string; rev: number; deleted: Deletion }
  reactionChanged: { conversationId: string; rev: number; reacted: ReactionChange }
  changed: { conversationId: string; rev: number }
  readCursorMoved: { conversationId: string; unread: Unread }
  notificationsChanged: { conversationId: string; level: NotificationLevel; unread: Unread }
  mentionMarked: { conversationId: string; seq: number; done: boolean }
  notifyNow: { conversationId: string; seq: number; authorId: string }
  presence: { changes: PersonPresence[] }
  typing: { conversationId: string; userId: string; typing: boolean }
  permissionsChanged: { permissions: Permission[]; role: Role }
  draftChanged: { conversationId: string; draft: Draft }
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
  notificationsChanged: true,
  mentionMarked: true,
  notifyNow: true,
  draftChanged: true,
  presence: true,
  typing: true,
  permissionsChanged: true,
  resync: true,
  closing: true,
}

/** An event this client knows; a newer server's others are ignored, as the protocol asks. */
export function toServerEvent(target: string, body: unknown): ServerEvent | undefined {
  if (!Object.hasOwn(eventNames, target) || typeof body !== 'object' || body === null) return undefined
  return { ...body, type: target } as ServerEvent
}
