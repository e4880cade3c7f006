import { beforeEach, describe, expect, it } from 'vitest'
import type { ServerEvent } from '../protocol/wire'
import { FakeClock } from '../testing/fakeClock'
import { FakeSocket } from '../testing/fakeSocket'
import { ConnectionLostError, HubCallError, HubConnection } from './hubConnection'

const end = '\u001e'

let clock: FakeClock
let socket: FakeSocket
let events: ServerEvent[]
let closings: boolean[]
let hub: HubConnection

beforeEach(() => {
  clock = new FakeClock()
  socket = new FakeSocket()
  events = []
  closings = []
  hub = new HubConnection(socket, clock, {
    onEvent: (event) => events.push(event),
    onClosed: (opened) => closings.push(opened),
  })
})

function open() {
  socket.opens()
  socket.receives(`{}${end}`)
}

describe('HubConnection', () => {
  it('shakes hands as soon as the socket is open', () => {
    expect(socket.sent).toEqual([])
    socket.opens()
    expect(socket.sent).toEqual([`{"protocol":"json","version":1}${end}`])
  })

  it('reads events that came with the handshake in one frame, and one that is cut in two', () => {
    socket.opens()
    socket.receives(`{}${end}{"type":1,"target":"changed","arguments":[{"conversationId":"c","rev":1}]}${end}{"type":1,"tar`)
    socket.receives(`get":"changed","arguments":[{"conversationId":"c","rev":2}]}${end}`)
    expect(events).toEqual([
      { type: 'changed', conversationId: 'c', rev: 1 },
      { type: 'changed', conversationId: 'c', rev: 2 },
    ])
  })

  it('ignores events of a newer server', () => {
    open()
    socket.event('somethingNew', {})
    socket.event('toString', {})
    expect(events).toEqual([])
  })

  it('gives each call its own answer, in whatever order they come', async () => {
    open()
    const first = hub.call('MarkRead', { conversationId: 'a', upToSeq: 1 })
    const second = hub.call('MarkRead', { conversationId: 'b', upToSeq: 2 })
    const [a, b] = socket.calls
    socket.receives(`{"type":3,"invocationId":"${b?.invocationId ?? ''}","result":{"ok":true,"n":2}}${end}`)
    socket.receives(`{"type":3,"invocationId":"${a?.invocationId ?? ''}","result":{"ok":true,"n":1}}${end}`)
    expect(await first).toEqual({ ok: true, n: 1 })
    expect(await second).toEqual({ ok: true, n: 2 })
  })

  it('tells a call the hub did not understand from one whose answer was lost', async () => {
    open()
    const misunderstood = hub.call('FindPeople', { text: 'a' })
    socket.receives(`{"type":3,"invocationId":"1","error":"no such method"}${end}`)
    await expect(misunderstood).rejects.toBeInstanceOf(HubCallError)
    const lost = hub.call('FindPeople', { text: 'b' })
    socket.drops()
    await expect(lost).rejects.toBeInstanceOf(ConnectionLostError)
    await expect(hub.call('FindPeople', { text: 'c' })).rejects.toBeInstanceOf(ConnectionLostError)
  })

  it('pings every 10 s', async () => {
    open()
    for (let round = 0; round < 3; round++) {
      await clock.advance(10_000)
      socket.receives(`{"type":6}${end}`)
    }
    expect(socket.sent.filter((text) => text === `{"type":6}${end}`)).toHaveLength(3)
    expect(closings).toEqual([])
  })

  it('takes a server that is silent for 25 s for dead', async () => {
    open()
    await clock.advance(20_000)
    socket.receives(`{"type":6}${end}`)
    await clock.advance(24_999)
    expect(closings).toEqual([])
    await clock.advance(1)
    expect(closings).toEqual([true])
    expect(socket.closed).toBe(true)
  })

  it('waits for calls as the server runs them, one after the other, and not for ever', async () => {
    open()
    const answers = [1, 2, 3, 4].map((upToSeq) => hub.call('MarkRead', { conversationId: 'a', upToSeq }))
    const lost = answers[3]?.catch((error: unknown) => error)
    for (const invocationId of ['1', '2', '3']) {
      await clock.advance(8_000)
      socket.receives(`{"type":3,"invocationId":"${invocationId}","result":{"ok":true}}${end}`)
    }
    await Promise.all(answers.slice(0, 3))
    await clock.advance(14_999)
    expect(closings).toEqual([])
    await clock.advance(1)
    expect(closings).toEqual([true])
    expect(await lost).toBeInstanceOf(ConnectionLostError)
  })

  it('does not time anything while no call is waited for', async () => {
    open()
    const answer = hub.call('MarkRead', { conversationId: 'a', upToSeq: 1 })
    socket.receives(`{"type":3,"invocationId":"1","result":{"ok":true}}${end}`)
    await answer
    await clock.advance(24_000)
    expect(closings).toEqual([])
  })

  it('does not wait for ever for the handshake', async () => {
    socket.opens()
    await clock.advance(10_000)
    expect(closings).toEqual([false])
  })

  it.each(['{"error":"refused"}', 'nonsense'])('ends when the handshake is answered with %s', (answer) => {
    socket.opens()
    socket.receives(answer + end)
    expect(closings).toEqual([false])
  })

  it('ends once, and lets nothing through afterwards', () => {
    open()
    socket.receives(`{"type":7}${end}{"type":1,"target":"changed","arguments":[{"conversationId":"c","rev":1}]}${end}`)
    socket.drops()
    hub.close()
    expect(closings).toEqual([true])
    expect(events).toEqual([])
    expect(clock.pending).toBe(0)
  })
})
