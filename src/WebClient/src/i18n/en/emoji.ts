export const emoji = {
  'emoji.choose': 'Choose an emoji',
  'emoji.find': 'Find an emoji',
  'emoji.groups': 'Groups of emoji',
  'emoji.group':
    '{group, select, recent {Used lately} smileys {Smileys} people {People} animals {Animals and nature} food {Food and drink} travel {Travel and places} activities {Activities} objects {Objects} symbols {Symbols} other {Flags}}',
  'emoji.found': '{count, plural, =0 {No emoji found} one {# emoji found} other {# emoji found}}',
  'emoji.noneUsed': 'What you use will be here.',
  'emoji.tone': 'Skin tone',
  'emoji.toneOf': '{tone, select, 1 {Light} 2 {Medium light} 3 {Medium} 4 {Medium dark} 5 {Dark} other {No skin tone}}',
  'emoji.unavailable': 'Emoji could not be loaded. Please try again when the connection is back.',
} as const
