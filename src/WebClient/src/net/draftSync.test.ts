import { beforeEach, describe, expect, it } from 'vitest'
import type { Methods } from '../protocol/wire'
import { MemoryStorage, people, TestUser } from '../testing/chatFixture'
import { FakeClock, settle } from '../testing/fakeClock'
import { FakeGateway } from '../testing/fakeGateway'
import { rule } from '../testing/rule'
import { draftIdleMs } from './draftSync'

let clock: FakeClock
let gateway: FakeGateway
let storage: MemoryStorage
/** Two devices of the same person. */
let desk: TestUser
let phone: TestUser

beforeEach(async () => {
  clock = new FakeClock()
  gateway = new FakeGateway(people, () => clock.now())
  gateway.startGroup('g', 'Desk', ['bob', 'ann'])
  storage = new MemoryStorage()
  desk = await device(storage)
  phone = await device()
  await desk.opens('g')
})

function device(of = new MemoryStorage()): Promise<TestUser> {
  return new TestUser(gateway, clock, 'ann', of).comes()
}

function write(at: TestUser, text: string) {
  at.client.drafts.change('g', text)
}

function draft(at: TestUser): string | undefined {
  return at.state.drafts.get('g')
}

function stored(): string[] {
  return gateway.drafts('ann').map(({ text }) => text)
}

function saves(): string[] {
  return gateway.calls.flatMap(({ method, request }) => (method === 'SaveDraft' ? [(request as Methods['SaveDraft']['request']).text] : []))
}

async function goesOffline(who: TestUser) {
  for (const each of [desk, phone]) each.online = each !== who
  gateway.crash()
  await settle()
  await (who === desk ? phone : desk).comesBack()
}

describe(rule('W3', 'a draft on all devices'), () => {
  it('is saved when nothing was typed for a second, and shown on the others', async () => {
    write(desk, 'be')
    await clock.advance(draftIdleMs - 1)
    write(desk, 'begun')
    await clock.advance(draftIdleMs - 1)
    expect(saves()).toEqual([])
    await clock.advance(1)
    expect([saves(), stored(), draft(phone)]).toEqual([['begun'], ['begun'], 'begun'])
    await clock.advance(60_000)
    expect(saves()).toEqual(['begun'])
  })

  it('is saved at once when the page is hidden', async () => {
    write(desk, 'begun')
    desk.client.drafts.flush()
    await settle()
    expect(stored()).toEqual(['begun'])
  })

  it('is gone everywhere when it was sent', async () => {
    write(desk, 'begun')
    await clock.advance(draftIdleMs)
    await desk.writes('g', 'begun')
    await clock.advance(0)
    expect([stored(), draft(phone), draft(desk)]).toEqual([[], undefined, undefined])
    expect(storage.length).toBe(0)
  })

  it('that was written on is not mixed with what was saved of it', async () => {
    write(desk, 'begun and')
    desk.client.drafts.flush()
    write(desk, 'begun, but')
    await settle()
    expect(draft(desk)).toBe('begun, but')
    await clock.advance(2 * draftIdleMs)
    expect([stored(), draft(phone)]).toEqual([['begun, but'], 'begun, but'])
  })

  it('comes with what it answers', async () => {
    const asked = gateway.post('g', 'bob', 'when?')
    await settle()
    desk.client.store.dispatch({ type: 'replyChosen', conversationId: 'g', message: asked })
    write(desk, 'at noon')
    await clock.advance(draftIdleMs)
    await phone.opens('g')
    expect(phone.state.composing.get('g')?.replyTo?.text).toBe('when?')
    expect(saves()).toEqual(['at noon'])
    phone.client.store.dispatch({ type: 'replyDropped', conversationId: 'g' })
    await clock.advance(draftIdleMs)
    expect(desk.state.composing.get('g')).toBeUndefined()
    expect(draft(desk)).toBe('at noon')
  })

  it('still answers after a reload', async () => {
    const asked = gateway.post('g', 'bob', 'when?')
    await settle()
    desk.client.store.dispatch({ type: 'replyChosen', conversationId: 'g', message: asked })
    write(desk, 'at noon')
    desk.client.stop()
    const reloaded = await device(storage)
    await reloaded.opens('g')
    expect([draft(reloaded), reloaded.state.composing.get('g')?.replyTo?.seq]).toEqual(['at noon', asked.seq])
  })
})

describe(rule('W3', 'a draft written in two places'), () => {
  const both = 'at the desk\n\n---\n\non the phone'

  it('keeps both texts, and says so', async () => {
    const joined: string[] = []
    await goesOffline(desk)
    write(desk, 'at the desk')
    write(phone, 'on the phone')
    await clock.advance(draftIdleMs)
    expect(stored()).toEqual(['on the phone'])
    desk.client.drafts.watchJoined((id) => joined.push(id))
    await desk.comesBack()
    await clock.advance(2 * draftIdleMs)
    expect([draft(desk), draft(phone), stored()]).toEqual([both, both, [both]])
    expect(joined).toEqual(['g'])
  })

  it('keeps both when both are saved at the same moment', async () => {
    write(desk, 'at the desk')
    write(phone, 'on the phone')
    await clock.advance(4 * draftIdleMs)
    expect(draft(desk)).toBe(draft(phone))
    expect(stored()).toEqual([draft(desk)])
    expect([draft(desk)?.includes('at the desk'), draft(desk)?.includes('on the phone')]).toEqual([true, true])
  })

  it('takes what was written elsewhere while nothing was written here', async () => {
    write(desk, 'begun')
    await clock.advance(draftIdleMs)
    await goesOffline(desk)
    write(phone, 'begun anew')
    await clock.advance(draftIdleMs)
    await desk.comesBack()
    expect(draft(desk)).toBe('begun anew')
  })

  it('is cleared where it was not written on, kept where it was', async () => {
    write(desk, 'begun')
    await clock.advance(draftIdleMs)
    await goesOffline(desk)
    write(phone, '')
    await clock.advance(0)
    const tab = await device(storage.otherTab())
    expect(draft(tab)).toBeUndefined()
    write(desk, 'begun, and more')
    await desk.comesBack()
    await clock.advance(draftIdleMs)
    expect(stored()).toEqual(['begun, and more'])
  })

  it('does not bring back what was sent while offline, even after a reload', async () => {
    write(desk, 'begun')
    await clock.advance(draftIdleMs)
    await goesOffline(desk)
    await desk.writes('g', 'begun')
    desk.client.stop()
    const reloaded = await device(storage)
    await clock.advance(draftIdleMs)
    expect([draft(reloaded), draft(phone), stored()]).toEqual([undefined, undefined, []])
  })
})

describe(rule('W3', 'drafts in two tabs of one browser'), () => {
  it('are one text, saved by the tab that writes', async () => {
    const tab = await device(storage.otherTab())
    await tab.opens('g')
    for (const text of ['b', 'be', 'beg', 'begu', 'begun']) {
      write(desk, text)
      await clock.advance(draftIdleMs - 1)
    }
    await clock.advance(draftIdleMs)
    expect([draft(tab), draft(desk), saves()]).toEqual(['begun', 'begun', ['begun']])
    // Word of the save comes when more has been written.
    write(desk, 'begun, saved')
    await settle()
    desk.client.drafts.flush()
    write(desk, 'begun, then changed')
    await settle()
    expect([draft(tab), draft(desk)]).toEqual(['begun, then changed', 'begun, then changed'])
    write(tab, 'begun there')
    await clock.advance(draftIdleMs)
    expect([draft(desk), draft(phone), stored()]).toEqual(['begun there', 'begun there', ['begun there']])
  })
})

describe(rule('W3', 'a draft that the server refuses'), () => {
  it('stays on this machine, and is not sent again until it is written on', async () => {
    gateway.draftRefusals.push({ code: 'tooManyDrafts' }, { code: 'rateLimited', retryAfterMs: 5_000 })
    write(desk, 'one')
    await clock.advance(60_000)
    expect([saves(), draft(desk)]).toEqual([['one'], 'one'])
    write(desk, 'two')
    await clock.advance(draftIdleMs)
    expect(stored()).toEqual([])
    await clock.advance(5_000)
    expect([saves(), stored()]).toEqual([['one', 'two', 'two'], ['two']])
  })
})
