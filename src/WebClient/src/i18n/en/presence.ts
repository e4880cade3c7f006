export const presence = {
  'presence.state':
    '{state, select, online {Online} away {Away} dnd {Do not disturb} offline {Offline} other {Status unknown}}',
  'presence.dndUntil': 'Do not disturb until {time}',
  'presence.lastSeen': '{state}, last seen {ago}',
  'presence.justNow': 'just now',
  'presence.typing': 'Who is typing',
  'presence.somebody': 'Somebody',
  'presence.typingOne': '{first} is typing…',
  'presence.typingTwo': '{first} and {second} are typing…',
  'presence.typingThree': '{first}, {second} and {third} are typing…',
  'presence.typingSeveral': 'Several people are typing…',
} as const
