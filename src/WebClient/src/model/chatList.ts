import type { ChatState } from './chatState'
import type { ConversationState } from './conversation'

/** Where a conversation stands in the list. It is frozen while the conversation is open, so that it does not jump. */
export type ListPlace = { block: 'mentioned' | 'unread' | 'rest'; lastActivity: string }

/** `recent`: one list by last activity. */
export type OrderBy = 'unreadFirst' | 'recent'

/** The list as it is shown; the same object for as long as no row moves. */
export type ListRows = {
  ids: readonly string[]
  /** The first row of those that have nothing unread; all are when the list is in one block. */
  restFrom: number
}

/** Rows in their order, and what the order came of. */
export type ListOrder = {
  rows: ListRows
  by: OrderBy
  places: ReadonlyMap<string, ListPlace>
  conversations: ChatState['conversations']
  open: ChatState['open']
}

type Shown = Pick<ChatState, 'conversations' | 'open'>

const blockOrder: Record<ListPlace['block'], number> = { mentioned: 0, unread: 1, rest: 2 }

export function placeOf(conversation: ConversationState): ListPlace | undefined {
  const { summary, unread } = conversation
  if (summary === undefined) return undefined
  const block = (unread?.mentions ?? 0) > 0 ? 'mentioned' : (unread?.unread ?? 0) > 0 ? 'unread' : 'rest'
  return { block, lastActivity: summary.lastActivity }
}

/**
 * The chat list: unread ones first, those with mentions before the others, then the rest, each by last activity (L1).
 * What was known before is moved on: a change of one conversation moves one row, whatever the others are, and one that
 * moves no row answers the same `rows`.
 */
export function orderList(before: ListOrder | undefined, { conversations, open }: Shown, by: OrderBy): ListOrder {
  if (before?.by !== by) return sorted(conversations, open, by)
  if (before.conversations === conversations && before.open === open) return before
  const moved = movedPlaces(before, conversations, open)
  if (moved.size === 0) return { ...before, conversations, open }
  const places = new Map(before.places)
  for (const [id, place] of moved) {
    if (place === undefined) places.delete(id)
    else places.set(id, place)
  }
  const ids = before.rows.ids.filter((id) => !moved.has(id))
  for (const [id, place] of moved) if (place !== undefined) insert(ids, id, places, by)
  return { rows: rowsOf(ids, places, by), by, places, conversations, open }
}

/** The row before or after the open one that is wanted; around the ends it goes on at the other one. */
export function neighbour(
  ids: readonly string[],
  from: string | undefined,
  step: 1 | -1,
  wanted: (id: string) => boolean = () => true,
): string | undefined {
  const here = from === undefined ? -1 : ids.indexOf(from)
  const start = here < 0 && step < 0 ? 0 : here
  for (let far = 1; far <= ids.length; far++) {
    const id = ids.at((start + step * far) % ids.length)
    if (id !== undefined && id !== from && wanted(id)) return id
  }
  return undefined
}

function sorted(conversations: Shown['conversations'], open: Shown['open'], by: OrderBy): ListOrder {
  const places = new Map<string, ListPlace>()
  for (const conversation of conversations.values()) {
    const place = shownPlace(conversation, open)
    if (place !== undefined) places.set(conversation.id, place)
  }
  const ids = [...places.keys()].sort((a, b) => compareRows(a, b, places, by))
  return { rows: rowsOf(ids, places, by), by, places, conversations, open }
}

/** The places that are others now; undefined for a row that is gone. */
function movedPlaces(
  before: ListOrder,
  conversations: Shown['conversations'],
  open: Shown['open'],
): Map<string, ListPlace | undefined> {
  const moved = new Map<string, ListPlace | undefined>()
  for (const conversation of conversations.values()) {
    const { id } = conversation
    const visited = id === open?.id || id === before.open?.id
    if (!visited && before.conversations.get(id) === conversation) continue
    const was = before.places.get(id)
    const place = shownPlace(conversation, open)
    if (was?.block !== place?.block || was?.lastActivity !== place?.lastActivity) moved.set(id, place)
  }
  for (const id of before.rows.ids) if (!conversations.has(id)) moved.set(id, undefined)
  return moved
}

function shownPlace(conversation: ConversationState, open: Shown['open']): ListPlace | undefined {
  const place = placeOf(conversation)
  return place !== undefined && open?.id === conversation.id ? (open.place ?? place) : place
}

function rowsOf(ids: readonly string[], places: ReadonlyMap<string, ListPlace>, by: OrderBy): ListRows {
  if (by === 'recent') return { ids, restFrom: 0 }
  const rest = ids.findIndex((id) => places.get(id)?.block === 'rest')
  return { ids, restFrom: rest < 0 ? ids.length : rest }
}

function insert(ids: string[], id: string, places: ReadonlyMap<string, ListPlace>, by: OrderBy): void {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareRows(ids[middle] ?? '', id, places, by) < 0) low = middle + 1
    else high = middle
  }
  ids.splice(low, 0, id)
}

function compareRows(a: string, b: string, places: ReadonlyMap<string, ListPlace>, by: OrderBy): number {
  const [first, second] = [places.get(a), places.get(b)]
  if (first === undefined || second === undefined) return 0
  const blocks = by === 'recent' ? 0 : blockOrder[first.block] - blockOrder[second.block]
  return blocks || compareText(second.lastActivity, first.lastActivity) || compareText(b, a)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
