export const composer = {
  'composer.message': 'Message',
  'composer.placeholder': 'Message {title}',
  'composer.send': 'Send',
  'composer.left': 'Characters left',
} as const
