import type {
  Author,
  Conversation,
  FoundPerson,
  Head,
  HistoryAnchor,
  Limits,
  Me,
  Message,
  NotificationLevel,
  Permission,
  Person,
  Role,
  ServerEvent,
  SyncedConversation,
  Unread,
} from '../protocol/wire'
import type { ListPlace } from './chatList'
import { type ComposingAction, type ComposingState, nothingComposed } from './composing'
import type { ConversationState } from './conversation'
import type { Drafts } from './drafts'
import type { Directory, DirectoryAction } from './directory'
import { type MentionsAction, type MentionsState, noMentions } from './mentions'
import { noSearch, type SearchAction, type SearchState } from './search'
import { everybodyTold, type NotTold, type NotToldAction } from './notTold'
import type { FailureReason, Outbox, OutboxEntry } from './outbox'
import { noPresences, type PresenceAction, type Presences } from './presence'
import { nobodyTypes, type Typing, type TypingAction } from './typing'

/** A change of the chat's content: what the gateway sends while connected. */
export type ContentEvent = Extract<
  ServerEvent,
  { type: 'messagePosted' | 'messageEdited' | 'messageDeleted' | 'reactionChanged' | 'changed' | 'readCursorMoved' | 'notificationsChanged' }
>

/** The open conversation and what was true when it was opened: neither changes for as long as the visit lasts. */
export type Visit = {
  id: string
  place: ListPlace | undefined
  /** First message that was unread: the divider stands above it. Undefined: nothing was. */
  dividerSeq: number | undefined
  /** The divider is known: the messages it depends on are here. */
  settled: boolean
  /** Rises when the view is to be built anew at `target`; from visit to visit, too. */
  jump: number
  target: 'divider' | 'end' | 'message'
  /** The message to go to, with the target `message`: it is pointed out when it is reached. */
  targetSeq?: number
  /** Marked as unread during this visit: nothing here is read by being displayed until somebody comes back (U8). */
  frozen?: true
}

/** All that the screen shows. Moved by `reduceChat` alone. */
export type ChatState = {
  tenant: string
  me: Person
  limits: Limits
  /** What I may do. The server decides; this is for what to offer. */
  permissions: ReadonlySet<Permission>
  /** What I chose to show of myself; undefined until the server has said it. */
  status: Me | undefined
  conversations: ReadonlyMap<string, ConversationState>
  /** Names of people, as far as any message or search has told them. */
  names: ReadonlyMap<string, string>
  directory: Directory
  presence: Presences
  typing: Typing
  outbox: Outbox
  drafts: Drafts
  composing: ComposingState
  mentions: MentionsState
  search: SearchState
  notTold: NotTold
  open: Visit | undefined
  /**
   * What is probably opened next: its messages are read and laid out before anybody asks for them. Nothing of it counts as
   * displayed.
   */
  next: Visit | undefined
  /** The messages of `next` were held before it was expected. */
  nextWasHeld: boolean
  /** Continues the chat list; undefined at its end. */
  listNext: string | undefined
  /** The pages read so far end among the unread ones: there may be more of them. */
  listUnreadGoesOn: boolean
  listLoaded: boolean
  /** Events since `welcome` or `resync` that wait for what is being read; undefined when nothing is. */
  buffered: readonly ContentEvent[] | undefined
  /** The `rev` at which conversations were taken from me: what was read before it does not bring them back. */
  removedAt: ReadonlyMap<string, number>
}

export type ChatAction =
  | MentionsAction
  | SearchAction
  | { type: 'welcomed'; tenant: string; user: Person; limits: Limits; permissions: readonly Permission[]; me?: Me }
  | { type: 'permissionsChanged'; permissions: readonly Permission[]; role: Role }
  | { type: 'statusChosen'; me: Me }
  | { type: 'readingBegan' }
  | { type: 'readingEnded' }
  | { type: 'eventReceived'; event: ContentEvent }
  | { type: 'listRead'; conversations: readonly Conversation[]; next: string | undefined; first: boolean }
  | { type: 'synced'; conversations: readonly SyncedConversation[] }
  | {
      type: 'historyRead'
      conversationId: string
      anchor: HistoryAnchor['anchor']
      messages: readonly Message[]
      head: Head
      readSeq: number
    }
  | { type: 'unreadRead'; conversationId: string; unread: Unread }
  | { type: 'levelSet'; conversationId: string; level: NotificationLevel; unread: Unread }
  | { type: 'peopleFound'; people: readonly Pick<FoundPerson, 'userId' | 'name'>[] }
  | { type: 'conversationExpected'; conversationId: string }
  | { type: 'conversationOpened'; conversationId: string; peer?: Author }
  | { type: 'conversationLeft' }
  | { type: 'endWanted' }
  | { type: 'messageWanted'; seq: number }
  | { type: 'draftChanged'; conversationId: string; text: string }
  | { type: 'draftsRestored'; drafts: Drafts }
  | { type: 'messageWritten'; entry: OutboxEntry }
  | { type: 'outboxRestored'; entries: readonly OutboxEntry[] }
  | { type: 'postAnswered'; clientId: string; seq: number; rev: number; time: string }
  | { type: 'postFailed'; clientId: string; reason: FailureReason; recipients?: number }
  | NotToldAction
  | { type: 'echoMissing'; clientId: string }
  | { type: 'sendingRetried'; clientId: string; now: number }
  | { type: 'entryDiscarded'; clientId: string }
  | { type: 'entryRemovedElsewhere'; clientId: string }
  | { type: 'outboxAged'; now: number }
  | ComposingAction
  | DirectoryAction
  | PresenceAction
  | TypingAction

/** Before `welcome` says otherwise. */
export const defaultLimits: Limits = { textScalarsMax: 10_000, textBytesMax: 40_000, pageMax: 200 }

export function initialChatState(tenant: string, me: Person): ChatState {
  return {
    tenant,
    me,
    limits: defaultLimits,
    permissions: new Set(),
    status: undefined,
    conversations: new Map(),
    names: new Map([[me.userId, me.name]]),
    directory: new Map(),
    presence: noPresences,
    typing: nobodyTypes,
    outbox: [],
    mentions: noMentions,
    search: noSearch,
    drafts: new Map(),
    composing: nothingComposed,
    notTold: everybodyTold,
    open: undefined,
    next: undefined,
    nextWasHeld: false,
    listNext: undefined,
    listUnreadGoesOn: false,
    listLoaded: false,
    buffered: undefined,
    removedAt: new Map(),
  }
}
