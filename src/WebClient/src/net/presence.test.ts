import { beforeEach, describe, expect, it } from 'vitest'
import { presenceOf } from '../model/presence'
import type { Methods, PersonPresence, PresenceState } from '../protocol/wire'
import { people, TestUser } from '../testing/chatFixture'
import { FakeClock, settle } from '../testing/fakeClock'
import { FakeGateway } from '../testing/fakeGateway'
import { rule } from '../testing/rule'

let clock: FakeClock
let gateway: FakeGateway
let ann: TestUser

function is(userId: string, state: PresenceState): PersonPresence {
  const presence = { userId, state, asOf: new Date(clock.now()).toISOString() }
  gateway.presence.set(userId, presence)
  return presence
}

function watched(): string[][] {
  return gateway.calls
    .filter(({ method }) => method === 'Watch')
    .map(({ request }) => (request as Methods['Watch']['request']).users)
}

function count(method: string): number {
  return gateway.calls.filter((call) => call.method === method).length
}

function seen(userId: string): PresenceState {
  const connected = ann.client.connectionState().type === 'connected'
  return presenceOf(ann.state.presence, userId, connected, clock.now()).state
}

beforeEach(async () => {
  clock = new FakeClock()
  gateway = new FakeGateway(people, () => clock.now())
  is('bob', 'online')
  is('cara', 'away')
  ann = await new TestUser(gateway, clock, 'ann').comes()
})

describe(rule('P6', 'the people who are watched'), () => {
  it('are those who are shown, asked for together', async () => {
    ann.client.presence.shows('bob')
    ann.client.presence.shows('cara')
    ann.client.presence.shows('bob')
    await clock.advance(100)
    expect(watched()).toEqual([['cara', 'bob']])
    expect([seen('bob'), seen('cara')]).toEqual(['online', 'away'])
  })

  it('are released when the last place that shows them goes', async () => {
    const ends = [ann.client.presence.shows('bob'), ann.client.presence.shows('bob')]
    await clock.advance(1_000)
    ends[0]?.()
    ends[0]?.()
    await clock.advance(1_000)
    expect(watched()).toHaveLength(1)
    ends[1]?.()
    await clock.advance(1_000)
    expect(watched()).toEqual([['bob'], []])
  })

  it('are asked for at a bounded rate, however fast somebody scrolls', async () => {
    for (let step = 0; step < 100; step++) {
      const end = ann.client.presence.shows(`person ${step}`)
      await clock.advance(50)
      end()
    }
    await clock.advance(5_000)
    expect(watched().length).toBeLessThanOrEqual(10)
    expect(watched().at(-1)).toEqual([])
  })

  it('are never more than the server takes: the latest', async () => {
    for (let number = 1; number <= 250; number++) ann.client.presence.shows(`person ${number}`)
    await clock.advance(100)
    expect(watched()[0]).toHaveLength(200)
    expect(watched()[0]?.at(-1)).toBe('person 250')
  })

  it('are told anew after every connect and resync', async () => {
    ann.client.presence.shows('bob')
    await clock.advance(1_000)
    gateway.send('ann', 'resync', {})
    await clock.advance(1_000)
    gateway.crash()
    await settle()
    expect(seen('bob')).toBe('unknown')
    await ann.comesBack()
    await clock.advance(5_000)
    expect(watched()).toEqual([['bob'], ['bob'], ['bob']])
    expect(seen('bob')).toBe('online')
  })

  it('are told again after a refusal for its rate', async () => {
    let refusals = 1
    gateway.answers.Watch = (_, { users }) =>
      refusals-- > 0
        ? { ok: false, error: { code: 'rateLimited', message: '', retryAfterMs: 3_000 } }
        : { ok: true, presence: users.map((userId) => gateway.presence.get(userId)) }
    ann.client.presence.shows('bob')
    await clock.advance(2_000)
    expect(seen('bob')).toBe('unknown')
    await clock.advance(2_000)
    expect(seen('bob')).toBe('online')
  })

  it('change as the server says', async () => {
    ann.client.presence.shows('bob')
    await clock.advance(1_000)
    gateway.send('ann', 'presence', { changes: [is('bob', 'dnd')] })
    await settle()
    expect(seen('bob')).toBe('dnd')
  })
})

describe(rule('P2', 'being active'), () => {
  it('is told at once, then at most every 30 s while there is input', async () => {
    for (let second = 0; second < 70; second++) {
      ann.client.presence.active()
      await clock.advance(1_000)
    }
    expect(count('Activity')).toBe(3)
    await clock.advance(600_000)
    expect(count('Activity')).toBe(3)
  })

  it('is told at once after a reconnect', async () => {
    ann.client.presence.active()
    await settle()
    gateway.crash()
    await settle()
    ann.client.presence.active()
    await ann.comesBack()
    await clock.advance(5_000)
    ann.client.presence.active()
    await settle()
    expect(count('Activity')).toBe(2)
  })
})

describe('my status', () => {
  it('is what the server says after I chose', async () => {
    gateway.answers.SetStatus = (_, { status, until }) => ({ ok: true, me: { status, until, showTyping: true } })
    const until = new Date(clock.now() + 1_800_000).toISOString()
    await ann.client.presence.setStatus('dnd', until)
    expect(ann.state.status).toEqual({ status: 'dnd', until, showTyping: true })
  })
})
