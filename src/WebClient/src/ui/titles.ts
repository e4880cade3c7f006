import type { ConversationState } from '../model/conversation'

export function conversationTitle(conversation: ConversationState | undefined, me: string): string {
  if (conversation === undefined) return 'Conversation'
  const peer = conversation.summary?.peer ?? conversation.virtualPeer
  if (peer !== undefined) return peer.userId === me ? `${peer.name} (you)` : peer.name
  return conversation.summary?.title ?? 'Conversation'
}

/** What the avatar's colour goes by. */
export function conversationFace(conversation: ConversationState | undefined): string {
  return conversation?.summary?.peer?.userId ?? conversation?.virtualPeer?.userId ?? conversation?.id ?? ''
}
