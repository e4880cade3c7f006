import { beforeEach, describe, expect, it } from 'vitest'
import { FakeClock, settle } from '../testing/fakeClock'
import { noKeys } from '../testing/noKeys'
import { FakeSocket } from '../testing/fakeSocket'
import { rule } from '../testing/rule'
import { Connection } from './connection'

let clock: FakeClock
let sockets: FakeSocket[]
let worthTrying: () => void
let signedIn: boolean
let renewsSession: boolean
let connection: Connection

beforeEach(() => {
  clock = new FakeClock()
  sockets = []
  signedIn = true
  renewsSession = false
  worthTrying = () => undefined
  connection = new Connection(
    {
      clock,
      random: () => 0.5,
      keys: noKeys,
      openSocket: () => {
        const socket = new FakeSocket()
        sockets.push(socket)
        return socket
      },
      onWorthTrying: (run) => {
        worthTrying = run
        return () => {
          worthTrying = () => undefined
        }
      },
      isSignedIn: () => Promise.resolve(signedIn),
      get renewsSession() {
        return renewsSession
      },
    },
    { onState: () => undefined, onEvent: () => undefined },
  )
  connection.start()
})

function newest(): FakeSocket {
  const socket = sockets.at(-1)
  if (socket === undefined) throw new Error('No socket was opened.')
  return socket
}

describe(rule('M15', 'Connection'), () => {
  it('is connected when the server has registered the session, not before', () => {
    newest().opens()
    newest().receives('{}\u001e')
    expect(connection.state.type).toBe('connecting')
    newest().event('welcome', {})
    expect(connection.state.type).toBe('connected')
  })

  it('opens a new socket after each loss, for ever', async () => {
    for (let round = 1; round <= 12; round++) {
      newest().drops()
      const { state } = connection
      await clock.advance(state.type === 'waiting' ? state.until - clock.now() : 0)
      expect(sockets).toHaveLength(round + 1)
    }
  })

  it('reconnects at once when the network is back', async () => {
    newest().drops()
    await settle()
    worthTrying()
    expect(sockets).toHaveLength(2)
  })

  it('waits as long as a closing server asked for', async () => {
    newest().welcomes()
    newest().event('closing', { code: 3000, reconnect: true, retryAfterMs: 8_000 })
    newest().drops()
    await clock.advance(7_999)
    worthTrying()
    expect(sockets).toHaveLength(1)
    await clock.advance(1_000)
    expect(sockets).toHaveLength(2)
  })

  it('does not come back after closing without reconnect', async () => {
    newest().welcomes()
    newest().event('closing', { code: 3500, reconnect: false })
    expect(connection.state).toEqual({ type: 'stopped', reason: 'sessionExpired' })
    expect(newest().closed).toBe(true)
    worthTrying()
    await clock.advance(100_000)
    expect(sockets).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('comes back after its session has expired, when somebody makes a new one', async () => {
    renewsSession = true
    newest().welcomes()
    newest().event('closing', { code: 3500, reconnect: false })
    newest().drops()
    await clock.advance(1_000)
    expect(sockets).toHaveLength(2)
  })

  it('does not come back when nobody makes a new one, or when it was sent away for good', async () => {
    renewsSession = true
    newest().welcomes()
    signedIn = false
    newest().event('closing', { code: 3500, reconnect: false })
    await settle()
    expect(connection.state).toEqual({ type: 'stopped', reason: 'sessionExpired' })
    connection.start()
    newest().welcomes()
    newest().event('closing', { code: 3501, reconnect: false })
    expect(connection.state).toEqual({ type: 'stopped', reason: 'refused' })
  })

  it('stops when a refused connect turns out to be a session that has ended', async () => {
    signedIn = false
    newest().drops()
    await settle()
    expect(connection.state).toEqual({ type: 'stopped', reason: 'sessionExpired' })
  })

  it('takes the loss of a connection that was open for no more than that', async () => {
    newest().welcomes()
    signedIn = false
    newest().drops()
    await settle()
    expect(connection.state.type).toBe('waiting')
  })

  it('refuses calls while it is not connected', async () => {
    await expect(connection.call('FindPeople', { text: '' })).rejects.toThrow('Not connected')
  })
})
