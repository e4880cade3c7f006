import { composer } from './composer'
import { conversations } from './conversations'
import { notifications } from './notifications'
import { panes } from './panes'
import { emoji } from './emoji'
import { people } from './people'
import { presence } from './presence'
import { settings } from './settings'
import { shared } from './shared'
import { shell } from './shell'
import { timeline } from './timeline'

/** English, the language every text is first written in. One file per feature, keys begin with its name. */
export const en = {
  ...shared,
  ...shell,
  ...conversations,
  ...people,
  ...presence,
  ...timeline,
  ...composer,
  ...panes,
  ...notifications,
  ...settings,
  ...emoji,
} as const
