import { beforeEach, describe, expect, it } from 'vitest'
import { typistsIn } from '../model/typing'
import type { Methods } from '../protocol/wire'
import { people, TestUser } from '../testing/chatFixture'
import { FakeClock, settle } from '../testing/fakeClock'
import { FakeGateway } from '../testing/fakeGateway'
import { rule } from '../testing/rule'

let clock: FakeClock
let gateway: FakeGateway
let ann: TestUser

beforeEach(async () => {
  clock = new FakeClock()
  gateway = new FakeGateway(people, () => clock.now())
  gateway.startGroup('g', 'Desk', ['bob', 'ann', 'cara'])
  gateway.startGroup('h', 'Other', ['bob', 'ann'])
  ann = await new TestUser(gateway, clock, 'ann').comes()
  await ann.opens('g')
  await clock.advance(1_000)
})

/** What was said of my writing, such as `g begins`. */
function said(): string[] {
  return gateway.calls
    .filter(({ method }) => method === 'Typing')
    .map(({ request }) => request as Methods['Typing']['request'])
    .map(({ conversationId, typing }) => `${conversationId} ${typing ? 'writes' : 'ceases'}`)
}

function viewed(): string[][] {
  return gateway.calls
    .filter(({ method }) => method === 'View')
    .map(({ request }) => (request as Methods['View']['request']).conversationIds)
}

describe(rule('T1', 'my writing'), () => {
  it('is told at the first change, again every 5 s while keys come, and ends 5 s after the last', async () => {
    for (let second = 1; second <= 12; second++) {
      ann.client.typing.changed('g', 'x'.repeat(second))
      await clock.advance(1_000)
    }
    expect(said()).toEqual(['g writes', 'g writes', 'g writes'])
    await clock.advance(5_000)
    expect(said()).toEqual(['g writes', 'g writes', 'g writes', 'g ceases'])
    await clock.advance(60_000)
    expect(said()).toHaveLength(4)
  })

  it('ends when the text is cleared', async () => {
    ann.client.typing.changed('g', 'x')
    ann.client.typing.changed('g', ' ')
    await settle()
    expect(said()).toEqual(['g writes', 'g ceases'])
  })

  it('of nothing but white space is none', async () => {
    ann.client.typing.changed('g', ' ')
    await clock.advance(10_000)
    expect(said()).toEqual([])
  })

  it('ends when the conversation is left', async () => {
    ann.client.typing.changed('g', 'x')
    await ann.opens('h')
    expect(said()).toEqual(['g writes', 'g ceases'])
  })

  it('ends without a word by sending', async () => {
    ann.client.typing.changed('g', 'x')
    await ann.writes('g', 'x')
    await clock.advance(10_000)
    expect(said()).toEqual(['g writes'])
  })

  it('that begins again within 2 s is told when the server takes it', async () => {
    ann.client.typing.changed('g', 'x')
    ann.client.typing.changed('g', '')
    await clock.advance(500)
    ann.client.typing.changed('g', 'y')
    await clock.advance(1_000)
    expect(said()).toEqual(['g writes', 'g ceases'])
    await clock.advance(500)
    expect(said()).toEqual(['g writes', 'g ceases', 'g writes'])
  })

  it('is nobody’s business before the first message of a direct conversation', async () => {
    const id = gateway.direct('ann', 'bob')
    await ann.opens(id)
    ann.client.typing.changed(id, 'x')
    await settle()
    expect(said()).toEqual([])
  })

  it('begins anew after the connection was lost', async () => {
    ann.client.typing.changed('g', 'x')
    await settle()
    gateway.crash()
    await settle()
    ann.client.typing.changed('g', 'xy')
    await ann.comesBack()
    await clock.advance(5_000)
    ann.client.typing.changed('g', 'xyz')
    await settle()
    expect(said()).toEqual(['g writes', 'g writes'])
  })
})

describe(rule('T7', 'who does not show that they write'), () => {
  it('tells nobody', async () => {
    gateway.answers.SetPreferences = (_, { showTyping }) => ({ ok: true, me: { status: 'auto', showTyping } })
    await ann.client.presence.setShowTyping(false)
    ann.client.typing.changed('g', 'x')
    await settle()
    expect(said()).toEqual([])
  })
})

describe(rule('T4', 'what this page has open'), () => {
  it('is told after every connect and change, at a bounded rate', async () => {
    await ann.opens('h')
    await ann.opens('g')
    await ann.opens('h')
    await clock.advance(1_000)
    expect(viewed()).toEqual([['g'], ['h']])
    gateway.crash()
    await ann.comesBack()
    await clock.advance(5_000)
    expect(viewed()).toHaveLength(3)
    expect(viewed().at(-1)).toEqual(['h'])
    ann.client.leaveConversation()
    await clock.advance(1_000)
    expect(viewed().at(-1)).toEqual([])
  })
})

describe(rule('T2', 'others who write'), () => {
  function typists(): string[] {
    return typistsIn(ann.state.typing, 'g').map(({ userId }) => userId)
  }

  it('are forgotten by the local clock', async () => {
    gateway.send('ann', 'typing', { conversationId: 'g', userId: 'bob', typing: true })
    await clock.advance(6_000)
    gateway.send('ann', 'typing', { conversationId: 'g', userId: 'cara', typing: true })
    await clock.advance(3_000)
    expect(typists()).toEqual(['bob', 'cara'])
    await clock.advance(1_000)
    expect(typists()).toEqual(['cara'])
    gateway.crash()
    await clock.advance(6_000)
    expect(typists()).toEqual([])
  })

  it('have names, though they have never written here', async () => {
    expect(ann.state.names.has('cara')).toBe(false)
    gateway.send('ann', 'typing', { conversationId: 'g', userId: 'cara', typing: true })
    await clock.advance(100)
    expect(ann.state.names.get('cara')).toBe('Cara')
  })
})
