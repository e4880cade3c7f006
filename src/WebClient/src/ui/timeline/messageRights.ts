import type { Message, Permission } from '../../protocol/wire'

/** What somebody may do with a message, as far as this client knows; the server decides (M8, M10). */
export type MessageRights = { react: boolean; reply: boolean; edit: boolean; delete: boolean; copy: boolean; why: boolean }

/** The server knows why for so long. */
const whyKnownMs = 7 * 24 * 60 * 60 * 1000

type Situation = {
  me: string
  permissions: ReadonlySet<Permission>
  direct: boolean
  now: number
}

export function messageRights(message: Message, { me, permissions, direct, now }: Situation): MessageRights {
  const own = message.author.userId === me
  const lives = message.kind === 'text' && message.deletedAt === undefined
  const writes = lives && permissions.has('chat.use') && (!direct || permissions.has('chat.dm.reply') || permissions.has('chat.dm.start'))
  return {
    react: lives && permissions.has('chat.use'),
    reply: writes,
    edit: writes && own,
    delete: lives && (own || permissions.has('chat.message.delete_any')),
    copy: lives && message.text !== '',
    why: lives && !own && now - Date.parse(message.time) < whyKnownMs,
  }
}
