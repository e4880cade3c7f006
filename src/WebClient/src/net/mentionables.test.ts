import { beforeEach, describe, expect, it } from 'vitest'
import type { Mentionable } from '../model/mentionable'
import { people, TestUser } from '../testing/chatFixture'
import { FakeClock, settle } from '../testing/fakeClock'
import { FakeGateway } from '../testing/fakeGateway'
import { rule } from '../testing/rule'

let clock: FakeClock
let gateway: FakeGateway
let ann: TestUser
/** What the server knows of the group's members. */
let members: Mentionable[]

beforeEach(async () => {
  clock = new FakeClock()
  gateway = new FakeGateway(people, () => clock.now())
  gateway.startGroup('g', 'Desk', ['bob', 'ann', 'cara'])
  gateway.post('g', 'bob', 'hi')
  members = [{ userId: 'cara', name: 'Cara' }]
  gateway.answers.FindMentionable = (_, { text }) => ({
    ok: true,
    people: members.filter(({ name }) => name.toLowerCase().includes(text)),
  })
  ann = await new TestUser(gateway, clock, 'ann').comes()
  await ann.opens('g')
})

function found(text: string): string[] {
  return ann.client.mentionables.find('g', text).map(({ userId }) => userId)
}

function asked(): string[] {
  return gateway.calls.flatMap(({ method, request }) => (method === 'FindMentionable' ? [(request as { text: string }).text] : []))
}

async function refresh(text: string): Promise<boolean> {
  const answer = ann.client.mentionables.refresh('g', text)
  await settle()
  return answer
}

describe(rule('N2', 'whom a conversation can mention'), () => {
  it('is known at once of those who wrote here, before the server has said anything', () => {
    expect(found('')).toEqual(['bob', 'ann'])
    expect(found('b')).toEqual(['bob'])
    expect(asked()).toEqual([])
  })

  it('is what the server says, in its order, when it has said it', async () => {
    expect(await refresh('')).toBe(true)
    expect(found('')).toEqual(['cara'])
  })

  it('is asked once for as long as the answer is fresh, and then behind what is shown', async () => {
    await refresh('')
    expect(await refresh('')).toBe(false)
    await clock.advance(30_000)
    members = [{ userId: 'bob', name: 'Bob' }]
    const answer = ann.client.mentionables.refresh('g', '')
    expect(found('')).toEqual(['cara'])
    await settle()
    expect(await answer).toBe(true)
    expect(found('')).toEqual(['bob'])
    expect(asked()).toEqual(['', ''])
  })

  it('is not asked for a longer text when all for the shorter one are here', async () => {
    await refresh('')
    expect(found('ca')).toEqual(['cara'])
    expect(found('bo')).toEqual([])
    expect(await refresh('ca')).toBe(false)
  })

  it('is asked anew after the connection was lost, and known until then', async () => {
    await refresh('')
    ann.online = false
    gateway.crash()
    await settle()
    expect(found('')).toEqual(['cara'])
    await ann.comesBack()
    expect(found('')).toEqual(['cara'])
    expect(await refresh('')).toBe(true)
  })

  it('is forgotten when members change', async () => {
    await refresh('')
    gateway.addFact('g', 'bob', { kind: 'added', targets: ['cara'] })
    await settle()
    expect(found('')).toEqual(['bob', 'ann'])
    expect(await refresh('')).toBe(true)
  })
})
