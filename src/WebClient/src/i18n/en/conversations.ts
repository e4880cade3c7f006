export const conversations = {
  'conversations.list': 'Conversations',
  'conversations.block': '{block, select, unread {Unread} other {Recent}}',
  'conversations.none': 'No conversations yet. Start one and say hello.',
  'conversations.fallbackTitle': 'Conversation',
  'conversations.own': 'You: {text}',
  'conversations.other': '{name}: {text}',
  'conversations.typing': 'typing…',
  'conversations.draft': 'Draft',
  'conversations.muted': 'Muted',
  'conversations.unread': '{count} unread',
  'conversations.unreadForYou': '{count} unread, {mentions} for you',
} as const
