import { beforeEach, describe, expect, it } from 'vitest'
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
  gateway.startGroup('g', 'Desk', ['bob', 'ann'])
  gateway.startGroup('h', 'Other', ['bob', 'ann'])
  for (const text of ['one', 'two', 'three']) gateway.post('g', 'bob', text)
  ann = await new TestUser(gateway, clock, 'ann').comes()
  await ann.opens('g')
})

const lastSeq = 4

function unread() {
  return ann.state.conversations.get('g')?.unread
}

/** Comes back to it, reads it, and looks at another conversation. */
async function readsAndLeaves() {
  await ann.opens('h')
  await ann.opens('g')
  ann.client.displayed('g', lastSeq)
  await ann.opens('h')
  await clock.advance(2_000)
  expect(unread()).toMatchObject({ readSeq: lastSeq, unread: 0 })
}

describe(rule('U8', 'marking unread'), () => {
  beforeEach(async () => {
    ann.client.displayed('g', lastSeq)
    await clock.advance(2_000)
    expect(unread()).toMatchObject({ readSeq: lastSeq, unread: 0 })
    expect(await ann.client.messages.markUnread('g', 3)).toBeUndefined()
  })

  it('lasts while the conversation is looked at, with new messages too', async () => {
    expect(unread()).toMatchObject({ readSeq: 2, unread: 2 })
    expect(ann.state.open).toMatchObject({ frozen: true, dividerSeq: 3 })
    ann.client.displayed('g', lastSeq)
    gateway.post('g', 'bob', 'four')
    ann.client.displayed('g', lastSeq + 1)
    await clock.advance(10_000)
    expect(unread()).toMatchObject({ readSeq: 2, unread: 3 })
  })

  it('lasts after leaving, until it is displayed again', async () => {
    ann.client.leaveConversation()
    await clock.advance(10_000)
    expect(unread()).toMatchObject({ unread: 2 })
    await ann.opens('g')
    await clock.advance(10_000)
    expect(unread()).toMatchObject({ unread: 2 })
    ann.client.displayed('g', lastSeq)
    await clock.advance(10_000)
    expect(unread()).toMatchObject({ unread: 0 })
  })

  it(rule('U10', 'lasts in a tab where it was displayed before and another conversation is open now'), async () => {
    const tab = await new TestUser(gateway, clock, 'ann').comes()
    await readsAndLeaves()
    await tab.client.messages.markUnread('g', 3)
    await clock.advance(10_000)
    expect(unread()).toMatchObject({ readSeq: 2, unread: 2 })
  })

  it('lasts when it was left while something displayed was still to be told', async () => {
    await ann.opens('h')
    await ann.opens('g')
    ann.client.displayed('g', lastSeq)
    await clock.advance(2_000)
    for (const text of ['four', 'five']) gateway.post('g', 'bob', text)
    ann.client.displayed('g', lastSeq + 1)
    await settle()
    ann.client.displayed('g', lastSeq + 2)
    await ann.client.messages.markUnread('g', 3)
    ann.client.leaveConversation()
    await clock.advance(10_000)
    expect(unread()).toMatchObject({ readSeq: 2, unread: 4 })
  })

  it('lasts when it was done elsewhere during an interruption', async () => {
    await readsAndLeaves()
    ann.online = false
    gateway.crash()
    await settle()
    const phone = await new TestUser(gateway, clock, 'ann').comes()
    await phone.client.messages.markUnread('g', 3)
    await ann.comesBack()
    await clock.advance(10_000)
    expect(unread()).toMatchObject({ readSeq: 2, unread: 2 })
  })

  it('on one device holds on the others', async () => {
    const phone = await new TestUser(gateway, clock, 'ann').comes()
    await phone.opens('g')
    phone.client.displayed('g', lastSeq)
    await clock.advance(2_000)
    await ann.client.messages.markUnread('g', 4)
    await clock.advance(10_000)
    expect(phone.state.conversations.get('g')?.unread).toMatchObject({ readSeq: 3, unread: 1 })
    expect(phone.state.open).toMatchObject({ frozen: true, dividerSeq: 4 })
  })

  it('that is refused says why', async () => {
    gateway.crash()
    expect(await ann.client.messages.markUnread('g', 2)).toMatchObject({ code: 'unavailable' })
  })
})

describe('earlier versions', () => {
  it('are not offered any more once the tenant has refused them', async () => {
    gateway.answers.Versions = () => ({ ok: false, error: { code: 'forbidden', message: '' } })
    expect(ann.client.messages.versionsHidden).toBe(false)
    await ann.client.messages.versions('g', 2)
    expect(ann.client.messages.versionsHidden).toBe(true)
  })
})

describe(rule('M3', 'reactions and deletions'), () => {
  it('carry one clientId, however often they are repeated', async () => {
    let refusals = 1
    const answer = () =>
      refusals-- > 0
        ? { ok: false, error: { code: 'timeout', message: '' } }
        : { ok: true, rev: 9, time: new Date(0).toISOString(), duplicate: false }
    gateway.answers.React = answer
    gateway.answers.Delete = answer
    const reacted = ann.client.messages.react('g', 2, '👍', true)
    await clock.advance(2_000)
    expect(await reacted).toMatchObject({ ok: true })
    refusals = 1
    const deleted = ann.client.messages.delete('g', 2)
    await clock.advance(2_000)
    expect(await deleted).toMatchObject({ ok: true })
    const ids = gateway.calls.filter(({ method }) => method === 'React' || method === 'Delete').map(({ request }) => (request as { clientId: string }).clientId)
    expect(ids).toHaveLength(4)
    expect(new Set(ids).size).toBe(2)
  })
})
