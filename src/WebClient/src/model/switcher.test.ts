import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { group } from '../testing/samples'
import { appendFound, type Destination, localMax, rankLocally } from './switcher'

function to(name: string, more: Partial<Destination> = {}): Destination {
  return { conversationId: name, name, kind: 'group', unread: 0, mentions: 0, lastActivity: '2026-01-01', ...more }
}

function names(destinations: readonly Destination[]): string[] {
  return destinations.map((destination) => destination.name)
}

describe(rule('L4', 'the switcher'), () => {
  it('puts the exact name before a beginning, a word’s beginning, and what is inside', () => {
    const all = [to('Adana'), to('Team Ana'), to('Anabel'), to('Ána')]
    expect(names(rankLocally(all, 'ana'))).toEqual(['Ána', 'Anabel', 'Team Ana', 'Adana'])
  })

  it('puts mentions, then unread ones, then recent ones first among equals', () => {
    const all = [
      to('a old'),
      to('a new', { lastActivity: '2026-02-01' }),
      to('a unread', { unread: 1 }),
      to('a mentioned', { unread: 1, mentions: 1 }),
    ]
    expect(names(rankLocally(all, 'a'))).toEqual(['a mentioned', 'a unread', 'a new', 'a old'])
    expect(names(rankLocally(all, ''))).toEqual(['a mentioned', 'a unread', 'a new', 'a old'])
  })

  it('shows twenty of its own and says nothing of what does not match', () => {
    const many = Array.from({ length: 30 }, (_, index) => to(`group ${index}`))
    expect(rankLocally(many, 'group')).toHaveLength(localMax)
    expect(rankLocally(many, 'x')).toEqual([])
  })

  it('adds what the server found below, and moves nothing above', () => {
    const shown = [to('Desk', { conversationId: 'c/1' })]
    const all = appendFound(
      shown,
      [
        { conversation: group('c/1', 1) },
        { conversation: group('c/2', 1, { title: 'Support' }), formerTitle: 'Desk' },
      ],
      [{ userId: 'ann', name: 'Ann', role: 'agent', conversationId: 'dm/ann~ann' }],
      'ann',
      (name) => `${name} (you)`,
    )
    expect(names(all)).toEqual(['Desk', 'Support', 'Ann (you)'])
    expect(all[1]).toMatchObject({ formerName: 'Desk', kind: 'group' })
    expect(all[0]).toBe(shown[0])
  })
})
