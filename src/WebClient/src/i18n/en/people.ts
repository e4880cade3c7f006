export const people = {
  'people.restricted': 'may not use the chat',
  'people.picked': 'Picked people',
  'people.takeBack': 'Take {name} off the list',
  'people.find': 'Find people',
  'people.found': 'People found',
  'people.nobody': 'Nobody found',
  'people.offline': 'People can be found when the connection is back.',
} as const
