import { describe, expect, it } from 'vitest'
import protocol from '../../../../docs/protocol.md?raw'
import { rule } from '../testing/rule'
import { frameMessages, hostMessages, readFrameMessage, readHostMessage, toPosted } from './messages'

describe('the messages of a panel', () => {
  it('are those of docs/protocol.md, which never change', () => {
    const rows = [...protocol.matchAll(/^\| `(\w+)` \| (host|frame) \|([^|]*)\|/gm)].map(([, type, from, fields]) => [
      from,
      type,
      [...(fields ?? '').matchAll(/`(\w+)`/g)].map(([, field]) => field),
    ])
    const known = (from: string, messages: Record<string, object>) =>
      Object.entries(messages).map(([type, fields]) => [from, type, Object.keys(fields)])
    expect(rows.sort()).toEqual([...known('host', hostMessages), ...known('frame', frameMessages)].sort())
    expect(rows).toHaveLength(10)
  })

  it('come back as they were posted', () => {
    for (const message of [
      { type: 'hello' },
      { type: 'token', token: 'a.b.c' },
      { type: 'noToken' },
      { type: 'open', conversationId: 'dm/ann~bob' },
      { type: 'signOut' },
    ] as const) {
      expect(readHostMessage(toPosted(message))).toEqual(message)
      expect(readFrameMessage(toPosted(message))).toBeUndefined()
    }
    for (const message of [
      { type: 'tokenNeeded', reason: 'expired' },
      { type: 'signedIn' },
      { type: 'signInFailed', reason: 'cookieBlocked' },
      { type: 'unread', mentions: 0, unread: 12 },
      { type: 'signedOut' },
    ] as const) {
      expect(readFrameMessage(toPosted(message))).toEqual(message)
      expect(readHostMessage(toPosted(message))).toBeUndefined()
    }
  })

  it.each([
    undefined,
    null,
    'hello',
    7,
    [],
    {},
    { type: 'hello' },
    { chat: 2, type: 'hello' },
    { chat: '1', type: 'hello' },
    { chat: 1 },
    { chat: 1, type: 'toString' },
    { chat: 1, type: '__proto__' },
    { chat: 1, type: ['hello'] },
    { chat: 1, type: 'token' },
    { chat: 1, type: 'token', token: '' },
    { chat: 1, type: 'token', token: { toString: () => 'x' } },
    { chat: 1, type: 'token', token: 'x'.repeat(8_193) },
    { chat: 1, type: 'open', conversationId: 'x'.repeat(1_025) },
    Object.create({ chat: 1, type: 'open', conversationId: 'c/1' }),
  ])(rule('S6', 'anything else of the host is ignored: %j'), (data) => {
    expect(readHostMessage(data)).toBeUndefined()
  })

  it.each([
    { chat: 1, type: 'unread', mentions: 1 },
    { chat: 1, type: 'unread', mentions: -1, unread: 0 },
    { chat: 1, type: 'unread', mentions: 0.5, unread: 0 },
    { chat: 1, type: 'unread', mentions: '<b>', unread: 0 },
    { chat: 1, type: 'tokenNeeded', reason: 'please' },
    { chat: 1, type: 'signInFailed' },
  ])(rule('S6', 'anything else of the frame is ignored: %j'), (data) => {
    expect(readFrameMessage(data)).toBeUndefined()
  })

  it('leave out what is not known', () => {
    expect(readHostMessage({ chat: 1, type: 'hello', token: 'x', later: true })).toEqual({ type: 'hello' })
  })
})
