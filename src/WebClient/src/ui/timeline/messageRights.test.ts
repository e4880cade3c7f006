import { describe, expect, it } from 'vitest'
import type { Message, Permission } from '../../protocol/wire'
import { rule } from '../../testing/rule'
import { ann, bob, message, noon } from '../../testing/samples'
import { messageRights } from './messageRights'

function rights(of: Message, permissions: Permission[] = ['chat.use', 'chat.dm.reply'], now = noon): string[] {
  const all = messageRights(of, { me: 'ann', permissions: new Set(permissions), direct: true, now })
  return Object.entries(all).flatMap(([name, may]) => (may ? [name] : []))
}

const deletedAt = new Date(noon).toISOString()

describe('with a message', () => {
  it(rule('M8', 'only its author may change it'), () => {
    expect(rights(message(1, ann))).toEqual(['react', 'reply', 'edit', 'delete', 'copy'])
    expect(rights(message(1, bob))).toEqual(['react', 'reply', 'copy', 'why'])
  })

  it(rule('M10', 'who may delete any may delete those of others'), () => {
    expect(rights(message(1, bob), ['chat.use', 'chat.message.delete_any'])).toContain('delete')
    expect(rights(message(1, bob), ['chat.use', 'chat.message.delete_any'])).not.toContain('edit')
  })

  it('who may not write may neither answer nor edit', () => {
    expect(rights(message(1, ann), ['chat.use'])).toEqual(['react', 'delete', 'copy'])
    expect(rights(message(1, ann), [])).toEqual(['delete', 'copy'])
  })

  it('that was deleted there is nothing to do', () => {
    expect(rights(message(1, ann, { deletedAt, text: '' }))).toEqual([])
  })

  it(rule('N12', 'of the last seven days the server knows why'), () => {
    expect(rights(message(1, bob), undefined, noon + 8 * 24 * 60 * 60 * 1000)).not.toContain('why')
  })
})
