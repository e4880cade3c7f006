import type { Change, Conversation, Message, NotificationLevel, SyncedConversation, Unread } from '../protocol/wire'
import { placeOf } from './chatList'
import { changeComposing, forgetReply, reduceComposing } from './composing'
import type { ChatAction, ChatState, ContentEvent, Visit } from './chatState'
import {
  applyChange,
  type ConversationState,
  forget,
  learn,
  learnUnread,
  missingSince,
  removesMe,
  unknownConversation,
} from './conversation'
import { rescueEdit, restoreDrafts, withDraft } from './drafts'
import { type DirectoryAction, peerOfId, reduceDirectory } from './directory'
import { reduceNotTold } from './notTold'
import { addEntry, expireOld, meetEchoes, removeEntry, retryEntry, setStatus } from './outbox'
import { reducePresence } from './presence'
import { reduceMentions } from './mentions'
import { reduceSearch } from './search'
import { highestSeq, joinPage, lowestSeq, reachesEnd, shrink, timelineOf } from './timeline'
import { ceases, reduceTyping } from './typing'
import { counts } from './unreadRules'

/** Messages that a conversation keeps when it is left: enough to open it again without asking. */
const keptAfterLeaving = 200

export function reduceChat(state: ChatState, action: ChatAction): ChatState {
  const reduced = freeze(state, reduceConversations(state, action))
  const me = state.me.userId
  const mentions = reduceMentions(reduced.mentions, action, me)
  const search = reduceSearch(reduced.search, action, me)
  const moved = mentions !== reduced.mentions || search !== reduced.search
  return moved ? { ...reduced, mentions, search } : reduced
}

function reduceConversations(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case 'welcomed':
      return {
        ...state,
        tenant: action.tenant,
        me: action.user,
        limits: action.limits,
        permissions: new Set(action.permissions),
        status: action.me ?? state.status,
        names: withNames(state.names, [action.user]),
      }
    case 'permissionsChanged':
      return { ...state, permissions: new Set(action.permissions), me: { ...state.me, role: action.role } }
    case 'statusChosen':
      return { ...state, status: action.me }
    case 'readingBegan':
      return { ...state, buffered: state.buffered ?? [] }
    case 'readingEnded':
      return (state.buffered ?? []).reduce<ChatState>(applyEvent, { ...state, buffered: undefined })
    case 'eventReceived':
      return receive(endTyping(state, action.event), action.event)
    case 'listRead':
      return readList(state, action.conversations, action.next, action.first)
    case 'synced':
      return action.conversations.reduce(applySynced, state)
    case 'historyRead':
      return readHistory(state, action)
    case 'unreadRead':
      return update(state, action.conversationId, (conversation) =>
        learnUnread(conversation, action.unread, state.me.userId),
      )
    case 'levelSet':
      return setLevel(state, action)
    case 'peopleFound':
      return { ...state, names: withNames(state.names, action.people) }
    case 'conversationExpected':
      return expectConversation(state, action.conversationId, 0)
    case 'conversationOpened':
      return openConversation(leave(state), action.conversationId, action.peer, ((state.open ?? state.next)?.jump ?? 0) + 1)
    case 'conversationLeft':
      // Whoever comes back to it, from the list of a phone for one, finds it ready.
      return state.open === undefined ? state : expectConversation(leave(state), state.open.id, state.open.jump)
    case 'endWanted':
      return state.open === undefined
        ? state
        : { ...state, open: { ...state.open, target: 'end', jump: state.open.jump + 1 } }
    case 'messageWanted':
      return goToMessage(state, action.seq)
    case 'draftChanged': {
      const drafts = withDraft(state.drafts, action.conversationId, action.text)
      return drafts === state.drafts ? state : { ...state, drafts }
    }
    case 'draftsRestored':
      return { ...state, drafts: restoreDrafts(state.drafts, action.drafts) }
    case 'messageWritten':
      return {
        ...state,
        outbox: addEntry(state.outbox, action.entry),
        drafts: withDraft(state.drafts, action.entry.conversationId, ''),
        composing: reduceComposing(state.composing, action),
      }
    case 'outboxRestored':
      return { ...state, outbox: action.entries.reduce(addEntry, state.outbox) }
    case 'postAnswered':
      return answerPost(state, action)
    case 'postFailed': {
      const { clientId, reason, recipients } = action
      const status = { type: 'failed', reason, ...(recipients === undefined ? {} : { recipients }) } as const
      return { ...state, outbox: setStatus(state.outbox, clientId, status) }
    }
    case 'namedWithoutTelling':
    case 'notToldSeen':
      return { ...state, notTold: reduceNotTold(state.notTold, action) }
    case 'echoMissing':
      return missEcho(state, action.clientId)
    case 'sendingRetried':
      return {
        ...state,
        outbox: state.outbox.map((entry) => (entry.clientId === action.clientId ? retryEntry(entry, action.now) : entry)),
      }
    case 'entryDiscarded':
      return { ...state, outbox: removeEntry(state.outbox, action.clientId) }
    case 'entryRemovedElsewhere': {
      // What the server has stored is shown until its echo comes, whatever another tab has seen already.
      const sent = state.outbox.some((entry) => entry.clientId === action.clientId && entry.status.type === 'sent')
      const outbox = sent ? state.outbox : removeEntry(state.outbox, action.clientId)
      return outbox === state.outbox ? state : { ...state, outbox }
    }
    case 'outboxAged': {
      const outbox = expireOld(state.outbox, action.now)
      return outbox === state.outbox ? state : { ...state, outbox }
    }
    case 'replyChosen':
    case 'replyDropped':
    case 'editChosen':
    case 'editDropped':
      return { ...state, composing: reduceComposing(state.composing, action) }
    case 'peopleRead':
      return readPeople(state, action)
    case 'presenceAsked':
    case 'presenceHeard':
    case 'presenceLost': {
      const presence = reducePresence(state.presence, action)
      return presence === state.presence ? state : { ...state, presence }
    }
    case 'typingHeard':
    case 'typingExpired': {
      const typing = reduceTyping(state.typing, action, state.me.userId)
      return typing === state.typing ? state : { ...state, typing }
    }
    default:
      return state
  }
}

/** What has to be asked of the server with `Sync`: every conversation that something is missing of. */
export function holes(state: ChatState): { id: string; rev: number }[] {
  if (state.buffered !== undefined) return []
  const points = []
  for (const conversation of state.conversations.values()) {
    const rev = missingSince(conversation)
    if (rev !== undefined) points.push({ id: conversation.id, rev })
  }
  return points
}

/**
 * What a reconnect has to ask for: conversations whose messages are held, with the `rev` they are held at, and the open
 * one, which the list may not name.
 */
export function heldPoints(state: ChatState): { id: string; rev: number }[] {
  const points = []
  for (const { id, timeline } of state.conversations.values()) {
    if (timeline !== undefined) points.push({ id, rev: timeline.rev })
    else if (id === state.open?.id) points.push({ id, rev: 0 })
  }
  return points
}

function receive(state: ChatState, event: ContentEvent): ChatState {
  return state.buffered === undefined ? applyEvent(state, event) : { ...state, buffered: [...state.buffered, event] }
}

/** Whoever has sent the message does not write it any more (T3). */
function endTyping(state: ChatState, event: ContentEvent): ChatState {
  if (event.type !== 'messagePosted') return state
  const typing = ceases(state.typing, event.conversationId, event.message.author.userId)
  return typing === state.typing ? state : { ...state, typing }
}

/** Names, and the peers of conversations that nobody has written in yet: they are known by their id alone. */
function readPeople(state: ChatState, action: DirectoryAction): ChatState {
  const found = new Map(action.people.map((person) => [person.userId, person]))
  const read: ChatState = {
    ...state,
    directory: reduceDirectory(state.directory, action),
    names: withNames(state.names, action.people),
  }
  let next = read
  for (const conversation of state.conversations.values()) {
    const { id, virtualPeer, summary } = conversation
    if (virtualPeer === undefined || summary !== undefined || !action.asked.includes(virtualPeer.userId)) continue
    const person = found.get(virtualPeer.userId)
    next =
      person === undefined
        ? without(next, id)
        : put(next, { ...conversation, virtualPeer: { userId: person.userId, name: person.name } })
  }
  return next
}

function applyEvent(state: ChatState, event: ContentEvent): ChatState {
  switch (event.type) {
    case 'messagePosted':
    case 'messageEdited':
    case 'messageDeleted':
    case 'reactionChanged':
    case 'changed':
      return applyOne(state, event.conversationId, event)
    case 'readCursorMoved':
      return update(state, event.conversationId, (conversation) =>
        learnUnread(conversation, event.unread, state.me.userId),
      )
    case 'notificationsChanged':
      return setLevel(state, event)
  }
}

/** The level is a part of my row, like the cursor: the higher `readVersion` wins. */
function setLevel(
  state: ChatState,
  { conversationId, level, unread }: { conversationId: string; level: NotificationLevel; unread: Unread },
): ChatState {
  return update(state, conversationId, (conversation) => {
    const { summary } = conversation
    const newer = unread.readVersion >= (conversation.unread?.readVersion ?? 0)
    const learnt = learnUnread(conversation, unread, state.me.userId)
    return summary !== undefined && newer ? { ...learnt, summary: { ...summary, level } } : learnt
  })
}

function applyOne(state: ChatState, conversationId: string, change: Change): ChatState {
  const known = state.conversations.get(conversationId) ?? unknownConversation(conversationId)
  if (precedesRemoval(state, conversationId, change.rev)) return state
  if (change.rev > known.knownRev && removesMe(change, state.me.userId)) {
    return remove({ ...state, removedAt: new Map(state.removedAt).set(conversationId, change.rev) }, conversationId)
  }
  const changed = applyChange(known, change, state.me.userId)
  const applied = put(changeWriting(state, conversationId, change), state.open?.id === conversationId ? changed : bound(changed))
  return change.type === 'messagePosted' ? noticeMessages(applied, conversationId, [change.message]) : applied
}

/** What comes into a conversation that nobody looks at does not grow it without end. */
function bound(conversation: ConversationState): ConversationState {
  const { timeline, ...rest } = conversation
  if (timeline === undefined || timeline.messages.length < 2 * keptAfterLeaving) return conversation
  const kept = shrink(timeline, keptAfterLeaving)
  return kept === undefined ? rest : { ...rest, timeline: kept }
}

/** What a change makes of what is being written. */
function changeWriting(state: ChatState, conversationId: string, change: Change): ChatState {
  const composing = changeComposing(state.composing, conversationId, change)
  const drafts = rescueEdit(state.drafts, conversationId, change)
  return composing === state.composing && drafts === state.drafts ? state : { ...state, composing, drafts }
}

function applySynced(state: ChatState, answer: SyncedConversation): ChatState {
  const known = state.conversations.get(answer.id) ?? unknownConversation(answer.id)
  const me = state.me.userId
  switch (answer.status) {
    case 'gone':
      return remove(state, answer.id)
    case 'reset': {
      if (precedesRemoval(state, answer.id, answer.conversation.head.rev)) return state
      // Too far behind to catch up: what is held is of no use, the open conversation reads its history afresh.
      const rest: ConversationState = { ...known, recent: [], membersRev: answer.conversation.head.rev }
      delete rest.timeline
      const composing = forgetReply(state.composing, answer.id)
      return noticeConversations(put({ ...state, composing }, learn(rest, answer.conversation, me)), [answer.conversation])
    }
    case 'changes': {
      if (precedesRemoval(state, answer.id, answer.conversation.head.rev)) return state
      const writing = answer.changes.reduce((before, change) => changeWriting(before, answer.id, change), state)
      const changed = answer.changes.reduce((conversation, change) => applyChange(conversation, change, me), known)
      const learnt = put(writing, learn(changed, answer.conversation, me))
      const messages = answer.changes.flatMap((change) => (change.type === 'messagePosted' ? [change.message] : []))
      return noticeMessages(noticeConversations(learnt, [answer.conversation]), answer.id, messages)
    }
  }
}

function readList(
  state: ChatState,
  answers: readonly Conversation[],
  next: string | undefined,
  first: boolean,
): ChatState {
  const conversations = new Map(state.conversations)
  if (first) {
    // Lines below the first page may have changed unnoticed: they come again with the pages after it. Of the open
    // conversation only `Sync` tells whether it is gone.
    const listed = new Set(answers.map((answer) => answer.id))
    for (const { id, timeline } of conversations.values()) {
      if (timeline === undefined && id !== state.open?.id && !listed.has(id)) conversations.delete(id)
    }
  }
  for (const answer of answers) {
    if (precedesRemoval(state, answer.id, answer.head.rev)) continue
    const known = conversations.get(answer.id) ?? unknownConversation(answer.id)
    conversations.set(answer.id, learn(known, answer, state.me.userId))
  }
  const listUnreadGoesOn = next !== undefined && (answers.at(-1)?.unread.unread ?? 0) > 0
  const ready = state.next !== undefined && conversations.has(state.next.id) ? state.next : undefined
  return noticeConversations({ ...state, conversations, next: ready, listNext: next, listUnreadGoesOn, listLoaded: true }, answers)
}

function readHistory(state: ChatState, answer: Extract<ChatAction, { type: 'historyRead' }>): ChatState {
  const known = state.conversations.get(answer.conversationId)
  if (known === undefined) return state
  const { timeline } = known
  const joins = answer.anchor === 'before' || answer.anchor === 'after'
  if (joins && timeline === undefined) return state
  const moved: ConversationState = {
    ...known,
    knownRev: Math.max(known.knownRev, answer.head.rev),
    timeline:
      joins && timeline !== undefined
        ? joinPage(timeline, answer, answer.anchor === 'before' ? 'before' : 'after')
        : timelineOf(answer),
  }
  const read = noticeMessages(put(state, moved), answer.conversationId, answer.messages)
  const { open, next } = read
  if (joins) return read
  if (next?.id === answer.conversationId) return { ...read, next: beginVisit(moved, read, next.jump) }
  if (open?.id !== answer.conversationId) return read
  // A page that begins above the cursor does not tell which message is the first unread one.
  const tells = (answer.messages[0]?.seq ?? 0) <= answer.readSeq + 1
  const first = tells ? firstUnread(answer.messages, answer.readSeq, state.me.userId) : undefined
  const dividerSeq = open.settled ? open.dividerSeq : first
  const target = answer.anchor === 'latest' ? 'end' : open.target
  return { ...read, open: { ...open, dividerSeq, target, settled: true, jump: open.jump + 1 } }
}

function openConversation(
  state: ChatState,
  id: string,
  peer: { userId: string; name: string } | undefined,
  jump: number,
): ChatState {
  const known = state.conversations.get(id)
  const entered = known ?? { ...unknownConversation(id), ...virtualPeerOf(state, id, peer) }
  const left = state.next?.id === id ? state : forgetExpected(state)
  return { ...put(left, entered), open: beginVisit(entered, state, jump), next: undefined }
}

/** What was read only because it was expected, and then was not opened, is not held: each reconnect would ask for it. */
function forgetExpected(state: ChatState): ChatState {
  const expected = state.next === undefined || state.nextWasHeld ? undefined : state.conversations.get(state.next.id)
  if (expected === undefined) return state
  const rest: ConversationState = { ...expected }
  delete rest.timeline
  return put(state, rest)
}

function expectConversation(state: ChatState, id: string, jump: number): ChatState {
  const conversation = state.conversations.get(id)
  if (conversation === undefined || state.open?.id === id || state.next?.id === id) return state
  return { ...forgetExpected(state), next: beginVisit(conversation, state, jump), nextWasHeld: conversation.timeline !== undefined }
}

function beginVisit(conversation: ConversationState, { me }: ChatState, jump: number): Visit {
  const visit: Visit = {
    id: conversation.id,
    place: placeOf(conversation),
    dividerSeq: undefined,
    settled: false,
    jump,
    target: 'divider',
  }
  const { timeline, unread } = conversation
  if (timeline === undefined || unread === undefined) return visit
  // What is held serves when it has the end, or the first one that is unread; else the view waits for History.
  if (unread.unread === 0) return { ...visit, settled: reachesEnd(timeline) }
  const tells = lowestSeq(timeline) <= unread.readSeq + 1
  const dividerSeq = tells ? firstUnread(timeline.messages, unread.readSeq, me.userId) : undefined
  return { ...visit, dividerSeq, settled: dividerSeq !== undefined || (tells && reachesEnd(timeline)) }
}

/** Somebody to write to, though nobody has written yet: as found, or as the conversation's id says. */
function virtualPeerOf(
  { me, names }: ChatState,
  id: string,
  peer: { userId: string; name: string } | undefined,
): Pick<ConversationState, 'virtualPeer'> {
  if (peer !== undefined) return { virtualPeer: { userId: peer.userId, name: peer.name } }
  const userId = peerOfId(id, me.userId)
  return userId === undefined ? {} : { virtualPeer: { userId, name: names.get(userId) ?? '' } }
}

/** Where the message is held the view goes there; else it waits for the page around it. */
function goToMessage(state: ChatState, seq: number): ChatState {
  const { open } = state
  if (open === undefined) return state
  const timeline = state.conversations.get(open.id)?.timeline
  const holds = timeline !== undefined && lowestSeq(timeline) <= seq && seq <= highestSeq(timeline)
  const jump = holds ? open.jump + 1 : open.jump
  return { ...state, open: { ...open, target: 'message', targetSeq: seq, jump, settled: open.settled || holds } }
}

/** A cursor that went back, here or on another device, freezes the view: what is marked unread must stay so (U8). */
function freeze(before: ChatState, after: ChatState): ChatState {
  const { open } = after
  if (open === undefined || open.id !== before.open?.id) return after
  const unread = before.conversations.get(open.id)?.unread
  const conversation = after.conversations.get(open.id)
  const readSeq = conversation?.unread?.readSeq
  if (unread === undefined || readSeq === undefined || readSeq >= unread.readSeq) return after
  const first = firstUnread(conversation?.timeline?.messages ?? [], readSeq, after.me.userId)
  return { ...after, open: { ...open, frozen: true, dividerSeq: first ?? open.dividerSeq } }
}

/** Ends the visit: the conversation keeps a little of its end, one that was never begun keeps nothing. */
function leave(state: ChatState): ChatState {
  const { open } = state
  if (open === undefined) return state
  const left = { ...state, open: undefined }
  const conversation = state.conversations.get(open.id)
  if (conversation === undefined) return left
  const { timeline, ...rest } = conversation
  if (rest.summary === undefined && rest.knownRev === 0 && !state.outbox.some((entry) => entry.conversationId === open.id)) {
    return without(left, open.id)
  }
  const kept = timeline === undefined ? undefined : shrink(timeline, keptAfterLeaving)
  return put(left, kept === undefined ? rest : { ...rest, timeline: kept })
}

function answerPost(state: ChatState, answer: Extract<ChatAction, { type: 'postAnswered' }>): ChatState {
  const entry = state.outbox.find((known) => known.clientId === answer.clientId)
  // The echo came first and has shown it.
  if (entry === undefined) return state
  const { seq, rev, time } = answer
  const sent = { ...state, outbox: setStatus(state.outbox, entry.clientId, { type: 'sent', seq, rev, time }) }
  const conversation = state.conversations.get(entry.conversationId)
  if (conversation === undefined || state.buffered !== undefined || rev !== conversation.knownRev + 1) return sent
  // Whom it mentions and what it quotes only the event says.
  if (entry.replyTo !== undefined || entry.text.includes('<')) return sent
  const message: Message = {
    seq,
    rev,
    kind: 'text',
    author: { userId: state.me.userId, name: state.me.name },
    clientId: entry.clientId,
    text: entry.text.normalize('NFC'),
    time,
    version: 1,
  }
  // Nothing is missing before it: the answer is as good as the event, which will change nothing any more.
  return applyOne(sent, entry.conversationId, { type: 'messagePosted', rev, message })
}

function missEcho(state: ChatState, clientId: string): ChatState {
  const entry = state.outbox.find((known) => known.clientId === clientId)
  if (entry?.status.type !== 'sent') return state
  const { rev, seq } = entry.status
  const known = state.conversations.get(entry.conversationId) ?? unknownConversation(entry.conversationId)
  const covered = known.timeline === undefined ? known.knownRev >= rev : known.timeline.rev >= rev
  if (covered) {
    const shows = known.timeline?.messages.some((message) => message.seq === seq) === true
    const outOfView = known.timeline === undefined || lowestSeq(known.timeline) > seq || !reachesEnd(known.timeline)
    if (shows || outOfView) return { ...state, outbox: removeEntry(state.outbox, clientId) }
  }
  return put(state, { ...known, knownRev: Math.max(known.knownRev, rev) })
}

function firstUnread(messages: readonly Message[], readSeq: number, me: string): number | undefined {
  return messages.find((message) => message.seq > readSeq && counts(message, me))?.seq
}

function noticeMessages(state: ChatState, conversationId: string, messages: readonly Message[]): ChatState {
  return {
    ...state,
    outbox: meetEchoes(state.outbox, conversationId, messages, state.me.userId),
    names: withNames(
      state.names,
      messages.map((message) => message.author),
    ),
  }
}

function noticeConversations(state: ChatState, conversations: readonly Conversation[]): ChatState {
  const people = conversations.flatMap(({ peer, lastMessage }) => [peer, lastMessage?.author])
  return { ...state, names: withNames(state.names, people) }
}

function withNames(
  names: ChatState['names'],
  people: readonly ({ userId: string; name: string } | undefined)[],
): ChatState['names'] {
  const news = people.filter((person) => person !== undefined && names.get(person.userId) !== person.name)
  if (news.length === 0) return names
  const known = new Map(names)
  for (const person of news) if (person !== undefined) known.set(person.userId, person.name)
  return known
}

function update(
  state: ChatState,
  id: string,
  change: (conversation: ConversationState) => ConversationState,
): ChatState {
  const known = state.conversations.get(id)
  return known === undefined ? state : put(state, change(known))
}

function put(state: ChatState, conversation: ConversationState): ChatState {
  if (state.conversations.get(conversation.id) === conversation) return state
  const next = { ...state, conversations: new Map(state.conversations).set(conversation.id, conversation) }
  const { open } = next
  // One that was opened before the list had it keeps the place where it comes, like any open one (L3).
  if (open?.id !== conversation.id || open.place !== undefined) return next
  const place = placeOf(conversation)
  return place === undefined ? next : { ...next, open: { ...open, place } }
}

/** Nothing comes after a removal but what gives the conversation back, with a higher `rev`; what does not was on its way before. */
function precedesRemoval(state: ChatState, id: string, rev: number): boolean {
  return rev <= (state.removedAt.get(id) ?? 0) && !state.conversations.has(id)
}

function remove(state: ChatState, id: string): ChatState {
  const known = state.conversations.get(id)
  const left = known === undefined ? undefined : forget(known)
  const forgot = { ...state, composing: forgetReply(state.composing, id) }
  return left === undefined ? without(forgot, id) : put(forgot, left)
}

function without(state: ChatState, id: string): ChatState {
  const conversations = new Map(state.conversations)
  conversations.delete(id)
  return { ...state, conversations, next: state.next?.id === id ? undefined : state.next }
}

