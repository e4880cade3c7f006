import type { Message } from '../protocol/wire'
import type { ChatState } from './chatState'
import { reachesEnd } from './timeline'

/** My last message of a conversation, if the newest ones are here and it is among them. */
export function lastOwn(state: ChatState, conversationId: string): Message | undefined {
  const timeline = state.conversations.get(conversationId)?.timeline
  if (timeline === undefined || !reachesEnd(timeline)) return undefined
  return timeline.messages.findLast(
    ({ author, kind, deletedAt }) => author.userId === state.me.userId && kind === 'text' && deletedAt === undefined,
  )
}
