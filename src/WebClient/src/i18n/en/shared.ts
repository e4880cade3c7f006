export const shared = {
  'shared.close': 'Close',
  'shared.cancel': 'Cancel',
  'shared.back': 'Back',
  'shared.retry': 'Try again',
  'shared.undo': 'Undo',
  'shared.notLoadedTitle': 'Not loaded',
  'shared.notLoaded': 'This part of the chat could not be loaded. If trying again does not help, load the page anew: nothing that you wrote is lost.',
  'shared.reload': 'Load the page anew',
  'shared.more': 'More',
  'shared.you': '{name} (you)',
  'shared.role': '{role, select, agent {Agent} supervisor {Supervisor} admin {Admin} owner {Owner} other {Member}}',
  'shared.today': 'Today',
  'shared.yesterday': 'Yesterday',
  'shared.refused':
    '{code, select, forbidden {Your role may not do this.} rateLimited {That was too fast. Please try again in a moment.} unavailable {The server does not answer. Please try again in a moment.} overloaded {The server is busy. Please try again in a moment.} timeout {The server did not answer in time. Please try again.} notFound {This is not there any more.} other {The server did not accept it.}}',
} as const
