import { describe, expect, it } from 'vitest'
import type { Conversation, Mentions, Message } from '../protocol/wire'
import { rule } from '../testing/rule'
import { ann, bob, group, message, noon, unread } from '../testing/samples'
import { activeForMs, isLookedAt, notifyingReason, popupOutcome } from './notificationRule'

function reason(of: Partial<Message>, conversation: Partial<Conversation> = {}, by = bob) {
  const { unread: counts, ...summary } = group('g', 1, conversation)
  return notifyingReason(message(1, by, of), { summary, unread: counts }, 'ann', noon)
}

function mentioning(more: Partial<Mentions>): Partial<Message> {
  return { mentions: { users: [], all: false, here: [], ...more } }
}

const muted = { unread: unread(1, { mutedFrom: new Date(noon - 1).toISOString() }) }
const mutedBefore = {
  unread: unread(1, { mutedFrom: new Date(noon - 9).toISOString(), mutedUntil: new Date(noon).toISOString() }),
}

describe(rule('N7', 'levels'), () => {
  it('notify of everything in a direct conversation, of mentions in a group', () => {
    expect(reason({}, { kind: 'direct' })).toBe('direct')
    expect(reason({})).toBeUndefined()
    expect(reason(mentioning({ all: true }))).toBe('wideMention')
    expect(reason(mentioning({ here: ['ann'] }))).toBe('wideMention')
    expect(reason(mentioning({ here: ['cara'] }))).toBeUndefined()
  })

  it('are what was chosen', () => {
    expect(reason({}, { level: 'all' })).toBe('levelAll')
    expect(reason({}, { kind: 'direct', level: 'mentions' })).toBeUndefined()
    expect(reason(mentioning({ all: true }), { level: 'nothing' })).toBeUndefined()
  })

  it('end with a mute, which ends by itself', () => {
    expect(reason({}, { kind: 'direct', ...muted })).toBeUndefined()
    expect(reason(mentioning({ all: true }), muted)).toBeUndefined()
    expect(reason({}, { kind: 'direct', ...mutedBefore })).toBe('direct')
  })

  it('never of my own messages, of facts, of what was deleted', () => {
    expect(reason({}, { kind: 'direct' }, ann)).toBeUndefined()
    expect(reason({ kind: 'system', fact: { kind: 'renamed', targets: [] } }, { level: 'all' })).toBeUndefined()
    expect(reason({ deletedAt: 'x' }, { kind: 'direct' })).toBeUndefined()
    expect(reason({ kind: 'system', fact: { kind: 'added', targets: ['ann'] } })).toBe('added')
  })
})

describe(rule('N5', 'a mention by name'), () => {
  it('notifies whatever level and mute', () => {
    expect(reason(mentioning({ users: ['ann'] }), { level: 'nothing' })).toBe('mention')
    expect(reason(mentioning({ users: ['ann'] }), muted)).toBe('mention')
  })
})

describe(rule('N8', 'a popup'), () => {
  const looking = { openId: 'g', focused: true, lastInput: noon }

  it('is not shown while somebody looks at the conversation, in whichever tab', () => {
    const other = { openId: 'h', focused: false, lastInput: noon }
    expect(popupOutcome('g', [other, looking], false, noon)).toBe('heldByFocus')
    expect(popupOutcome('h', [other, looking], false, noon)).toBe('shown')
  })

  it('is shown when the window has no focus, or nobody is there any more', () => {
    expect(popupOutcome('g', [{ ...looking, focused: false }], false, noon)).toBe('shown')
    expect(isLookedAt('g', [looking], noon + activeForMs - 1)).toBe(true)
    expect(isLookedAt('g', [looking], noon + activeForMs)).toBe(false)
  })

  it(rule('N6', 'waits while nobody may disturb'), () => {
    expect(popupOutcome('h', [looking], true, noon)).toBe('heldByDnd')
  })
})
