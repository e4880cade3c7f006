import { beforeEach, describe, expect, it } from 'vitest'
import { peerOfId } from '../model/directory'
import { people, TestUser } from '../testing/chatFixture'
import { FakeClock, settle } from '../testing/fakeClock'
import { FakeGateway } from '../testing/fakeGateway'
import { rule } from '../testing/rule'

let clock: FakeClock
let gateway: FakeGateway
let ann: TestUser

beforeEach(() => {
  clock = new FakeClock()
  gateway = new FakeGateway(people, () => clock.now())
  ann = new TestUser(gateway, clock, 'ann')
})

describe(rule('C2', 'a direct conversation that nobody has written in, opened from its address'), () => {
  it('is somebody to write to, by name', async () => {
    ann.client.openConversation('dm/ann~bob')
    await ann.comes()
    await clock.advance(1_000)
    expect(ann.state.conversations.get('dm/ann~bob')?.virtualPeer).toEqual({ userId: 'bob', name: 'Bob' })
    gateway.crash()
    await ann.comesBack()
    await clock.advance(5_000)
    expect(ann.state.conversations.get('dm/ann~bob')?.virtualPeer?.name).toBe('Bob')
    await ann.writes('dm/ann~bob', 'psst')
    expect(ann.sees()).toEqual(['psst'])
  })

  it('is none with a person whom there is not', async () => {
    ann.client.openConversation('dm/ann~nobody')
    await ann.comes()
    await clock.advance(1_000)
    expect(ann.state.conversations.has('dm/ann~nobody')).toBe(false)
  })

  it('is none of other people', () => {
    expect(peerOfId('dm/bob~cara', 'ann')).toBeUndefined()
    expect(peerOfId('c/018f', 'ann')).toBeUndefined()
    expect(peerOfId('dm/a%7Eb~ann', 'ann')).toBe('a~b')
    expect(peerOfId('dm/ann~ann', 'ann')).toBe('ann')
  })
})

describe(rule('C13', 'a person who was deactivated'), () => {
  it('is known to be so when the conversation is opened', async () => {
    await ann.comes()
    gateway.post('dm/ann~bob', 'bob', 'bye')
    ann.client.openConversation('dm/ann~bob')
    await clock.advance(1_000)
    expect(ann.state.directory.get('bob')?.active).toBe(true)
    ann.client.leaveConversation()
    gateway.inactive.add('bob')
    await settle()
    ann.client.openConversation('dm/ann~bob')
    await clock.advance(1_000)
    expect(ann.state.directory.get('bob')?.active).toBe(false)
  })
})
