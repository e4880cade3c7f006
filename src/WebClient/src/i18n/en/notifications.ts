export const notifications = {
  'notifications.added': '{name} added you',
  'notifications.summary': '{count, plural, one {# message came in the meantime.} other {# messages came in the meantime.}}',
  'notifications.hint': 'Be told of messages while you look elsewhere?',
  'notifications.turnOn': 'Turn on',
  'notifications.notNow': 'Not now',
} as const
