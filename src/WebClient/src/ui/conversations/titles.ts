import type { Words } from '../../i18n/words'
import type { ConversationState } from '../../model/conversation'

export function conversationTitle(conversation: ConversationState | undefined, me: string, { t }: Words): string {
  if (conversation === undefined) return t('conversations.fallbackTitle')
  const peer = conversation.summary?.peer ?? conversation.virtualPeer
  // Of a peer that only the address names, the name is still on its way.
  if (peer !== undefined && peer.name !== '') return peer.userId === me ? t('shared.you', { name: peer.name }) : peer.name
  return conversation.summary?.title ?? t('conversations.fallbackTitle')
}

/** What the avatar's colour goes by. */
export function conversationFace(conversation: ConversationState | undefined): string {
  return conversation?.summary?.peer?.userId ?? conversation?.virtualPeer?.userId ?? conversation?.id ?? ''
}
