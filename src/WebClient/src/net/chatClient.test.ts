import { beforeEach, describe, expect, it } from 'vitest'
import { orderList } from '../model/chatList'
import { people, TestUser } from '../testing/chatFixture'
import { FakeClock, settle } from '../testing/fakeClock'
import { FakeGateway } from '../testing/fakeGateway'
import { rule } from '../testing/rule'

let clock: FakeClock
let gateway: FakeGateway

beforeEach(() => {
  clock = new FakeClock()
  gateway = new FakeGateway(people, () => clock.now())
  gateway.startGroup('g', 'Desk', ['bob', 'ann', 'cara'])
})

function unreadOf(user: TestUser, id = 'g') {
  return user.state.conversations.get(id)?.unread?.unread
}

function listed(user: TestUser): readonly string[] {
  return orderList(undefined, user.state, 'unreadFirst').rows.ids
}

describe('two people', () => {
  it('write to each other', async () => {
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    const bob = await new TestUser(gateway, clock, 'bob').comes()
    await ann.opens('g')
    await bob.opens('g')
    await ann.writes('g', 'hi Bob')
    await bob.writes('g', 'hi Ann')
    expect(ann.sees().slice(1)).toEqual(['hi Bob', 'hi Ann'])
    expect(bob.sees()).toEqual(ann.sees())
  })

  it(rule('C2', 'begin a direct conversation with its first message, not by opening it'), async () => {
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    const bob = await new TestUser(gateway, clock, 'bob').comes()
    const [found] = (await ann.client.people.find('Bob')) ?? []
    const id = found?.conversationId ?? ''
    await ann.opens(id)
    expect(listed(bob)).toEqual(['g'])
    expect(listed(ann)).toEqual(['g'])
    await ann.writes(id, 'psst')
    expect(ann.sees()).toEqual(['psst'])
    expect(bob.state.conversations.get(id)).toMatchObject({
      summary: { peer: { name: 'Ann' } },
      unread: { unread: 1, mentions: 1 },
    })
    expect(listed(ann)).toContain(id)
  })
})

describe(rule('M12', 'after an interruption'), () => {
  it('has what was missed', async () => {
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await ann.opens('g')
    ann.online = false
    gateway.crash()
    for (const text of ['one', 'two']) gateway.post('g', 'bob', text)
    gateway.post(gateway.direct('ann', 'cara'), 'cara', 'are you there?')
    await ann.comesBack()
    await clock.advance(1_000)
    expect(ann.sees().slice(1)).toEqual(['one', 'two'])
    expect(listed(ann)[0]).toBe(gateway.direct('ann', 'cara'))
  })

  it(rule('R3', 'ends when another tab has signed somebody else in, with nothing sent or shown'), async () => {
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await ann.opens('g')
    ann.online = false
    gateway.crash()
    await ann.writes('g', 'from ann')
    const before = ann.state
    ann.signedIn = 'bob'
    await ann.comesBack()
    await clock.advance(60_000)
    expect(ann.client.connectionState()).toEqual({ type: 'stopped', reason: 'sessionExpired' })
    expect(ann.state.conversations).toEqual(before.conversations)
    expect(ann.state.me.userId).toBe('ann')
    expect(gateway.messages('g').map((message) => message.text)).not.toContain('from ann')
  })

  it('reads the history afresh when too much was missed', async () => {
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await ann.opens('g')
    ann.online = false
    gateway.crash()
    for (let index = 1; index <= 300; index++) gateway.post('g', 'bob', String(index))
    await ann.comesBack()
    await clock.advance(1_000)
    expect(ann.sees().at(-1)).toBe('300')
    expect(unreadOf(ann)).toBe(300)
  })

  it('does it again when events were dropped', async () => {
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await ann.opens('g')
    gateway.silentEvents = true
    gateway.post('g', 'bob', 'dropped')
    gateway.silentEvents = false
    gateway.send('ann', 'resync', {})
    await settle()
    expect(ann.sees().at(-1)).toBe('dropped')
  })
})

describe('a conversation that is expected', () => {
  const histories = () => gateway.calls.filter(({ method }) => method === 'History').length

  it('is read once, and not once more when it is opened', async () => {
    gateway.post('g', 'bob', 'hello')
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    ann.client.expectConversation('g')
    await settle()
    expect(ann.state.open).toBeUndefined()
    expect(histories()).toBe(1)
    await ann.opens('g')
    expect(ann.sees().at(-1)).toBe('hello')
    expect(histories()).toBe(1)
    expect(unreadOf(ann)).toBe(1)
  })

  it('is read once when it is opened before the answer is there', async () => {
    gateway.post('g', 'bob', 'hello')
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    ann.client.expectConversation('g')
    await ann.opens('g')
    expect(ann.sees().at(-1)).toBe('hello')
    expect(histories()).toBe(1)
  })

  it('is not asked for again where the server has no time for it, and read when it is opened', async () => {
    gateway.post('g', 'bob', 'hello')
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    gateway.historyRefusals.push({ code: 'rateLimited', retryAfterMs: 1_000 })
    ann.client.expectConversation('g')
    await clock.advance(10_000)
    expect(histories()).toBe(1)
    await ann.opens('g')
    expect(ann.sees().at(-1)).toBe('hello')
  })

  it('is read when the server had no time for it and it was opened meanwhile', async () => {
    gateway.post('g', 'bob', 'hello')
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    gateway.historyRefusals.push({ code: 'rateLimited', retryAfterMs: 1_000 })
    ann.client.expectConversation('g')
    await ann.opens('g')
    expect(histories()).toBe(1)
    await clock.advance(1_000)
    expect(ann.sees().at(-1)).toBe('hello')
  })

  it('is read one at a time, and the last one that was expected in the end', async () => {
    for (const id of ['a', 'b', 'c']) gateway.startGroup(id, id, ['bob', 'ann'])
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    for (const id of ['a', 'b', 'c', 'c']) ann.client.expectConversation(id)
    await settle()
    expect(histories()).toBe(2)
    expect(ann.state.next).toMatchObject({ id: 'c', settled: true })
  })

  it('is not asked for again as long as nothing else is expected', async () => {
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    gateway.historyRefusals.push({ code: 'rateLimited', retryAfterMs: 1_000 })
    ann.client.expectConversation('g')
    await settle()
    ann.client.expectConversation('g')
    await settle()
    expect(histories()).toBe(1)
  })

  it('is not held, nor asked for by a reconnect, when something else is expected', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `h${index}`)
    for (const id of ids) gateway.startGroup(id, id, ['bob', 'ann'])
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await ann.opens('g')
    for (const id of ids) {
      ann.client.expectConversation(id)
      await settle()
    }
    const held = () => [...ann.state.conversations.values()].filter(({ timeline }) => timeline !== undefined).map(({ id }) => id)
    expect(held().sort()).toEqual(['g', 'h29'])
    await ann.opens('h29')
    expect(held().sort()).toEqual(['g', 'h29'])
    ann.client.expectConversation('g')
    ann.client.expectConversation('h3')
    await settle()
    expect(held().sort()).toEqual(['g', 'h29', 'h3'])
  })

  it('is asked for by nobody who is offline', async () => {
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    ann.online = false
    gateway.crash()
    await settle()
    ann.client.expectConversation('g')
    await settle()
    expect(histories()).toBe(0)
    await ann.comesBack()
    await ann.opens('g')
    expect(ann.sees().length).toBe(1)
  })
})

describe('a conversation to which somebody does not belong', () => {
  it('is said to be gone when it is opened, and asked for no more', async () => {
    gateway.startGroup('left', 'Left', ['bob'])
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    ann.client.openConversation('left')
    await settle()
    expect(ann.state.open?.id).toBe('left')
    expect(ann.state.conversations.has('left')).toBe(false)
    await clock.advance(60_000)
    expect(gateway.calls.filter(({ method }) => method === 'History')).toHaveLength(1)
  })
})

describe(rule('M12', 'a conversation opened while nobody can be asked'), () => {
  const bobs = () => gateway.direct('ann', 'bob')

  async function goesOffline(user: TestUser) {
    user.online = false
    gateway.crash()
    await settle()
  }

  /** Opens it while the list is being read. */
  async function comesBackAndOpens(user: TestUser, id: string) {
    const stop = user.client.store.subscribe(() => {
      if (user.state.buffered === undefined) return
      stop()
      user.client.openConversation(id, { userId: 'bob', name: 'Bob' })
    })
    await user.comesBack()
  }

  it('is read after the reconnect, when the first page of the list does not have it', async () => {
    gateway.post('g', 'bob', 'hello')
    await clock.advance(60_000)
    for (let index = 1; index <= 60; index++) {
      gateway.startGroup(`h${index}`, `Other ${index}`, ['bob', 'ann'])
      gateway.post(`h${index}`, 'bob', 'busy')
    }
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await ann.client.list.more()
    await goesOffline(ann)
    gateway.post('g', 'bob', 'more')
    // Busier ones are read since: the old one is on the second page again.
    for (let index = 1; index <= 60; index++) gateway.post(`h${index}`, 'bob', 'busier')
    gateway.markRead('g', 'ann', 3)
    await comesBackAndOpens(ann, 'g')
    await clock.advance(1_000)
    expect(ann.sees().slice(1)).toEqual(['hello', 'more'])
    expect(unreadOf(ann)).toBe(0)
    expect(ann.state.open?.settled).toBe(true)
  })

  it('is still a person to write to, when nobody has written yet', async () => {
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await goesOffline(ann)
    await comesBackAndOpens(ann, bobs())
    await clock.advance(1_000)
    expect(ann.state.conversations.get(bobs())).toMatchObject({ virtualPeer: { name: 'Bob' } })
    expect(ann.state.open?.settled).toBe(true)
    await ann.writes(bobs(), 'psst')
    expect(ann.sees()).toEqual(['psst'])
  })

  it('is gone when the server says so, and can be tried again', async () => {
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await goesOffline(ann)
    await ann.opens('g')
    gateway.leaves('g', 'ann')
    await ann.comesBack()
    await clock.advance(1_000)
    expect(ann.state.conversations.has('g')).toBe(false)
    gateway.joins('g', 'ann')
    await ann.opens('g')
    expect(ann.sees()).toHaveLength(1)
  })
})

describe('holes', () => {
  it(rule('M13', 'are closed at once'), async () => {
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await ann.opens('g')
    gateway.silentEvents = true
    gateway.post('g', 'bob', 'lost')
    gateway.silentEvents = false
    gateway.post('g', 'bob', 'heard')
    await settle()
    expect(ann.sees().slice(1)).toEqual(['lost', 'heard'])
    expect(unreadOf(ann)).toBe(2)
  })
})

describe(rule('M12', 'many conversations'), () => {
  const ids = Array.from({ length: 45 }, (_, index) => `h${index}`)
  let ann: TestUser

  beforeEach(async () => {
    for (const id of ids) gateway.startGroup(id, id, ['bob', 'ann'])
    ann = await new TestUser(gateway, clock, 'ann').comes()
    for (const id of ids) await ann.opens(id)
    gateway.syncs.length = 0
  })

  function expectAll(textOf: (id: string) => string | undefined) {
    for (const id of ids) expect(ann.state.conversations.get(id)?.timeline?.messages.at(-1)?.text).toBe(textOf(id))
  }

  it('are asked for a few at a time after an interruption', async () => {
    ann.online = false
    gateway.crash()
    for (const id of ids) gateway.post(id, 'bob', `missed ${id}`)
    await ann.comesBack()
    await settle()
    expect(gateway.syncs).toEqual([20, 20, 5])
    expectAll((id) => `missed ${id}`)
  })

  it('are asked for a few at a time when all have holes', async () => {
    gateway.silentEvents = true
    for (const id of ids) gateway.post(id, 'bob', 'lost')
    gateway.silentEvents = false
    for (const id of ids) gateway.post(id, 'bob', `heard ${id}`)
    await settle()
    await settle()
    expect(Math.max(...gateway.syncs)).toBe(20)
    expectAll((id) => `heard ${id}`)
  })
})

describe(rule('M11', 'a long conversation'), () => {
  it('opens at the first unread message and reads on in both directions', async () => {
    for (let index = 1; index <= 500; index++) gateway.post('g', 'bob', String(index))
    gateway.markRead('g', 'ann', 301)
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await ann.opens('g')
    expect(ann.state.open?.dividerSeq).toBe(302)
    expect([ann.sees()[0], ann.sees().at(-1)]).toEqual(['276', '350'])
    ann.client.readOlder()
    ann.client.readNewer()
    await settle()
    expect([ann.sees()[0], ann.sees().at(-1)]).toEqual(['176', '450'])
    gateway.post('g', 'bob', 'live')
    await settle()
    expect(ann.sees().at(-1)).toBe('450')
    ann.client.goToEnd()
    await settle()
    expect(ann.sees().at(-1)).toBe('live')
  })
})

describe(rule('U5', 'marking as read'), () => {
  it('tells the server what was displayed, at most once a second', async () => {
    for (let index = 1; index <= 3; index++) gateway.post('g', 'bob', String(index))
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await ann.opens('g')
    ann.client.displayed('g', 2)
    await settle()
    expect(unreadOf(ann)).toBe(2)
    ann.client.displayed('g', 3)
    ann.client.displayed('g', 4)
    await settle()
    expect(unreadOf(ann)).toBe(2)
    await clock.advance(1_000)
    expect(unreadOf(ann)).toBe(0)
    expect(ann.state.open?.dividerSeq).toBe(2)
  })

  it('is made up for after an interruption', async () => {
    gateway.post('g', 'bob', 'hi')
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await ann.opens('g')
    ann.online = false
    gateway.crash()
    ann.client.displayed('g', 2)
    await ann.comesBack()
    await clock.advance(2_000)
    expect(gateway.conversation('g', 'ann').unread.unread).toBe(0)
    expect(unreadOf(ann)).toBe(0)
  })
})

describe(rule('U7', 'the end that is displayed'), () => {
  it('is all read at once, without a visit to the first unread message and without leaving', async () => {
    for (let index = 1; index <= 300; index++) gateway.post('g', 'bob', String(index))
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    await ann.opens('g')
    ann.client.goToEnd()
    await settle()
    ann.client.displayed('g', 301)
    await settle()
    expect(unreadOf(ann)).toBe(0)
    gateway.post('g', 'bob', 'more')
    await settle()
    ann.client.displayed('g', 302)
    await clock.advance(1_000)
    expect(unreadOf(ann)).toBe(0)
    expect(ann.state.open?.id).toBe('g')
  })
})

describe(rule('U10', 'a person with two devices'), () => {
  it('reads on one, and the other counts it no more', async () => {
    gateway.post('g', 'bob', 'hi')
    const desk = await new TestUser(gateway, clock, 'ann').comes()
    const phone = await new TestUser(gateway, clock, 'ann').comes()
    expect(unreadOf(phone)).toBe(1)
    await desk.opens('g')
    desk.client.displayed('g', 2)
    await settle()
    expect(unreadOf(phone)).toBe(0)
  })
})

/** A small generator with a seed, so that a failure can be run again. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

describe(rule('M14', 'state and events'), () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))('equal fresh state, whatever happens (seed %i)', async (seed) => {
    const roll = dice(seed)
    const ann = await new TestUser(gateway, clock, 'ann').comes()
    const dm = gateway.direct('ann', 'bob')
    for (let step = 0; step < 60; step++) {
      const id = roll(3) === 0 ? dm : 'g'
      switch (roll(11)) {
        case 0:
          ann.online = false
          gateway.crash()
          break
        case 1:
          await ann.comesBack()
          break
        case 2:
          gateway.silentEvents = !gateway.silentEvents
          break
        case 3:
          await ann.opens(id)
          break
        case 4:
          ann.client.displayed(id, 1 + roll(20))
          break
        case 5:
          gateway.losePostAnswers = roll(2)
          break
        case 6:
          gateway.addUnknownChange('g')
          break
        case 7:
          gateway.send('ann', 'resync', {})
          break
        case 8:
          ann.client.write(id, `ann ${step}`)
          break
        default:
          gateway.post(id, 'bob', `bob ${step}`)
      }
      if (roll(3) > 0) await settle()
      if (roll(5) === 0) await clock.advance(roll(3_000))
    }
    gateway.losePostAnswers = 0
    gateway.silentEvents = false
    await ann.comesBack()
    await clock.advance(120_000)
    for (const id of ['g', dm]) gateway.post(id, 'bob', 'last')
    await clock.advance(10_000)
    const fresh = await new TestUser(gateway, clock, 'ann').comes()
    for (const id of ['g', dm]) {
      await ann.opens(id)
      await fresh.opens(id)
      await clock.advance(5_000)
      expect(ann.state.conversations.get(id)?.summary).toEqual(fresh.state.conversations.get(id)?.summary)
      expect(ann.state.conversations.get(id)?.unread).toEqual(fresh.state.conversations.get(id)?.unread)
      const all = gateway.messages(id).map((message) => message.text)
      expect(ann.sees()).toEqual(all.slice(-ann.sees().length))
      expect(new Set(all.filter((text) => text.startsWith('ann'))).size).toBe(all.filter((text) => text.startsWith('ann')).length)
    }
    expect(ann.state.outbox).toEqual([])
  })
})
