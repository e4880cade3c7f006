import { describe, expect, it } from 'vitest'
import { people, TestUser } from '../testing/chatFixture'
import { FakeClock } from '../testing/fakeClock'
import { FakeGateway } from '../testing/fakeGateway'
import { rule } from '../testing/rule'

describe('a group', () => {
  it(rule('M3', 'is created once, however often the call is repeated'), async () => {
    const clock = new FakeClock()
    const gateway = new FakeGateway(people, () => clock.now())
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    let refusals = 2
    gateway.answers.CreateGroup = () =>
      refusals-- > 0
        ? { ok: false, error: { code: 'timeout', message: '' } }
        : { ok: true, conversationId: 'c/1', head: { rev: 1, seq: 1 } }
    const created = ann.client.groups.create('  Printers ', ['bob'])
    await clock.advance(5_000)
    expect(await created).toMatchObject({ ok: true, conversationId: 'c/1' })
    const asked = gateway.calls.filter(({ method }) => method === 'CreateGroup').map(({ request }) => request as object)
    expect(asked).toHaveLength(3)
    expect(new Set(asked.map((request) => JSON.stringify(request))).size).toBe(1)
    expect(asked[0]).toMatchObject({ title: 'Printers', members: ['bob'] })
  })

  it('that is left twice is left', async () => {
    const clock = new FakeClock()
    const gateway = new FakeGateway(people, () => clock.now())
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    gateway.answers.Leave = () => ({ ok: false, error: { code: 'notFound', message: '' } })
    expect(await ann.client.groups.leave('c/1')).toEqual({ ok: true })
  })
})
