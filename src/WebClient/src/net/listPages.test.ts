import { describe, expect, it } from 'vitest'
import { people, TestUser } from '../testing/chatFixture'
import { FakeClock, settle } from '../testing/fakeClock'
import { FakeGateway } from '../testing/fakeGateway'
import { rule } from '../testing/rule'

describe(rule('U4', 'the pages of the chat list'), () => {
  it('are read on as far as something is unread, so that totals are exact', async () => {
    const clock = new FakeClock()
    const gateway = new FakeGateway(people, () => clock.now())
    for (let number = 1; number <= 320; number++) gateway.startGroup(`g${number}`, `Group ${number}`, ['bob', 'ann'])
    for (let number = 1; number <= 120; number++) {
      gateway.addFact(`g${number}`, 'bob', { kind: 'added', targets: ['ann'] })
    }
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await settle()
    await settle()
    const mentions = [...ann.state.conversations.values()].map(({ unread }) => unread?.mentions ?? 0)
    expect(mentions.reduce((sum, count) => sum + count)).toBe(120)
    expect(ann.state.conversations.size).toBe(150)
    await ann.client.list.more()
    expect(ann.state.conversations.size).toBe(200)
    gateway.crash()
    await ann.comesBack()
    await clock.advance(5_000)
    expect(ann.state.conversations.size).toBe(200)
  })
})
