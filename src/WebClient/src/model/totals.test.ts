import { describe, expect, it } from 'vitest'
import type { ConversationKind, Unread } from '../protocol/wire'
import { rule } from '../testing/rule'
import { noon, unread } from '../testing/samples'
import { totalsOf } from './totals'

function conversations(...of: [ConversationKind, Partial<Unread>][]) {
  return new Map(of.map(([kind, more], index) => [String(index), { summary: { kind }, unread: unread(1, more) }]))
}

const muted = { mutedFrom: new Date(noon - 1).toISOString() }

describe(rule('U11', 'the totals'), () => {
  it('count what is unread and what of it is for me', () => {
    const held = conversations(['group', { unread: 3, mentions: 1 }], ['direct', { unread: 2, mentions: 2 }])
    expect(totalsOf(held, noon)).toEqual({ mentions: 3, unread: 5 })
  })

  it('leave out what is muted, unless it mentions me by name', () => {
    const held = conversations(['group', { unread: 3, mentions: 1, ...muted }], ['direct', { unread: 2, mentions: 2, ...muted }])
    expect(totalsOf(held, noon)).toEqual({ mentions: 1, unread: 0 })
    const over = { ...muted, mutedUntil: new Date(noon).toISOString() }
    expect(totalsOf(conversations(['direct', { unread: 2, mentions: 2, ...over }]), noon)).toEqual({ mentions: 2, unread: 2 })
  })
})
