import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryStorage, people, TestUser } from '../testing/chatFixture'
import { FakeClock, settle } from '../testing/fakeClock'
import { FakeGateway } from '../testing/fakeGateway'
import { rule } from '../testing/rule'

let clock: FakeClock
let gateway: FakeGateway
let storage: MemoryStorage
let ann: TestUser

beforeEach(async () => {
  clock = new FakeClock()
  gateway = new FakeGateway(people, () => clock.now())
  gateway.startGroup('g', 'Desk', ['bob', 'ann'])
  storage = new MemoryStorage()
  ann = await new TestUser(gateway, clock, 'ann', storage).comes()
  await ann.opens('g')
})

function draft(of: TestUser): string | undefined {
  return of.state.drafts.get('g')
}

describe(rule('W3', 'a draft on this machine'), () => {
  it('is there after a reload, and after a crash at the very next moment', async () => {
    ann.client.drafts.change('g', 'begun')
    const reloaded = await new TestUser(gateway, clock, 'ann', storage).comes()
    expect(draft(reloaded)).toBe('begun')
  })

  it('is gone when it was sent', async () => {
    ann.client.drafts.change('g', 'begun')
    await ann.writes('g', 'begun')
    const reloaded = await new TestUser(gateway, clock, 'ann', storage).comes()
    expect([draft(ann), draft(reloaded)]).toEqual([undefined, undefined])
  })

  it('is the same in another tab', async () => {
    const other = await new TestUser(gateway, clock, 'ann', storage.otherTab()).comes()
    ann.client.drafts.change('g', 'begun')
    await settle()
    expect(draft(other)).toBe('begun')
    other.client.drafts.change('g', '')
    await settle()
    expect(draft(ann)).toBeUndefined()
  })

  it('is nobody else’s', async () => {
    ann.client.drafts.change('g', 'mine')
    const bob = await new TestUser(gateway, clock, 'bob', storage).comes()
    expect(draft(bob)).toBeUndefined()
  })

  it('stays where storage is refused, for as long as the page', () => {
    storage.full = true
    ann.client.drafts.change('g', 'begun')
    expect(draft(ann)).toBe('begun')
  })

  it('is forgotten after two months, and by who signs out', async () => {
    ann.client.drafts.change('g', 'begun')
    clock = new FakeClock(clock.now() + 61 * 24 * 60 * 60 * 1000)
    const late = await new TestUser(gateway, clock, 'ann', storage).comes()
    expect(draft(late)).toBeUndefined()
    late.client.drafts.change('g', 'anew')
    late.client.drafts.forget()
    expect(storage.length).toBe(0)
  })
})
