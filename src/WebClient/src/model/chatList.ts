import type { ChatState } from './chatState'
import type { ConversationState, Summary } from './conversation'

/** Where a conversation stands in the list. It is frozen while the conversation is open, so that it does not jump. */
export type ListPlace = { block: 'mentioned' | 'unread' | 'rest'; lastActivity: string }

export type ListRow = { id: string; conversation: ConversationState & { summary: Summary }; place: ListPlace }

const blockOrder: Record<ListPlace['block'], number> = { mentioned: 0, unread: 1, rest: 2 }

export function placeOf(conversation: ConversationState): ListPlace | undefined {
  const { summary, unread } = conversation
  if (summary === undefined) return undefined
  const block = (unread?.mentions ?? 0) > 0 ? 'mentioned' : (unread?.unread ?? 0) > 0 ? 'unread' : 'rest'
  return { block, lastActivity: summary.lastActivity }
}

export function comparePlaces(a: ListPlace, b: ListPlace): number {
  return blockOrder[a.block] - blockOrder[b.block] || compareText(b.lastActivity, a.lastActivity)
}

/** The chat list: unread ones first, those with mentions before the others, then the rest, each by last activity. */
export function listRows(state: Pick<ChatState, 'conversations' | 'open'>): ListRow[] {
  const rows: ListRow[] = []
  for (const conversation of state.conversations.values()) {
    const place = state.open?.id === conversation.id ? (state.open.place ?? placeOf(conversation)) : placeOf(conversation)
    if (place !== undefined && conversation.summary !== undefined) {
      rows.push({ id: conversation.id, conversation: { ...conversation, summary: conversation.summary }, place })
    }
  }
  return rows.sort((a, b) => comparePlaces(a.place, b.place) || compareText(b.id, a.id))
}

export function mentionsInAll(state: Pick<ChatState, 'conversations'>): number {
  let mentions = 0
  for (const { unread } of state.conversations.values()) mentions += unread?.mentions ?? 0
  return mentions
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
