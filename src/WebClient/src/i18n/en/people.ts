export const people = {
  'people.find': 'Find people',
  'people.found': 'People found',
  'people.nobody': 'Nobody found',
  'people.offline': 'People can be found when the connection is back.',
} as const
