export const settings = {
  'settings.open': 'Settings',
  'settings.theme': 'Appearance',
  'settings.themeChoice': '{choice, select, light {Light} dark {Dark} other {Like the system}}',
  'settings.language': 'Language',
  'settings.languageSystem': 'Like the browser',
  'settings.sendWith': 'Send messages with',
  'settings.sendWithChoice':
    '{choice, select, ctrlEnter {Ctrl+Enter (Enter begins a new line)} other {Enter (Shift+Enter begins a new line)}}',
  'settings.listOrder': 'Order of conversations',
  'settings.listOrderChoice': '{choice, select, recent {By last activity} other {Unread first}}',
  'settings.popups': 'Show popups for messages that notify me',
  'settings.sound': 'Sound of a notification',
  'settings.soundChoice': '{choice, select, soft {Soft} bell {Bell} other {None}}',
  'settings.showTyping': 'Let others see when I type',
  'settings.here': 'In this browser',
  'settings.everywhere': 'On all of my devices',
} as const
