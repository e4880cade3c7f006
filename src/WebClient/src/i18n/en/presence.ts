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
  'presence.choice':
    '{choice, select, auto {Automatic} away {Away} dndHalfHour {Do not disturb for 30 minutes} dndHour {Do not disturb for 1 hour} dndTomorrow {Do not disturb until tomorrow morning} dnd {Do not disturb until I end it} other {Appear offline}}',
  'presence.members': '{count, plural, one {# member} other {# members}}',
  'presence.deactivated': 'Deactivated',
  'presence.peerLeft': '{name} was deactivated. You can read what was written, but not write any more.',
} as const
