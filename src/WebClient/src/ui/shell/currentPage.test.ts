import { beforeEach, describe, expect, it } from 'vitest'
import type { SessionAnswer } from '../../net/sessionApi'
import { people, TestUser } from '../../testing/chatFixture'
import { FakeClock, settle } from '../../testing/fakeClock'
import { FakeGateway } from '../../testing/fakeGateway'
import { rule } from '../../testing/rule'
import { CurrentPage } from './currentPage'

let clock: FakeClock
let gateway: FakeGateway
let users: TestUser[]
/** Answers to who is signed in, in the order of the questions. */
let asked: ((answer: SessionAnswer) => void)[]
let current: CurrentPage

beforeEach(() => {
  clock = new FakeClock()
  gateway = new FakeGateway(people, () => clock.now())
  gateway.startGroup('g', 'Desk', ['ann', 'bob'])
  users = []
  asked = []
  const router = { openConversation: () => undefined }
  current = new CurrentPage(undefined, router, {
    readSession: () => new Promise((resolve) => asked.push(resolve)),
    signOut: () => Promise.resolve(),
    chatOf: ({ user }) => {
      const person = new TestUser(gateway, clock, user.userId)
      users.push(person)
      return person.client
    },
  })
})

const signedOut: SessionAnswer = { type: 'signedOut', development: false }

function signedIn(userId: string): SessionAnswer {
  const user = people.find((person) => person.userId === userId)
  if (user === undefined) throw new Error(`No person ${userId}.`)
  return { type: 'signedIn', tenant: 'demo', user }
}

async function answers(number: number, answer: SessionAnswer): Promise<void> {
  asked[number]?.(answer)
  await settle()
}

describe('the page', () => {
  it('begins with the list of whoever is signed in', async () => {
    let begun = false
    void current.begin().then(() => {
      begun = true
    })
    expect(current.get()).toEqual({ type: 'loading' })
    await answers(0, signedIn('ann'))
    expect(begun).toBe(true)
    expect(users[0]?.state.listLoaded).toBe(true)
  })

  it('begins with the sign-in where nobody is', async () => {
    const begun = current.begin()
    await answers(0, signedOut)
    await begun
    expect(current.get()).toEqual({ type: 'signIn', development: false, notice: undefined })
  })

  it('is what was true last, whichever answer comes last', async () => {
    void current.look()
    void current.leave()
    await settle()
    await answers(1, signedOut)
    await answers(0, signedIn('ann'))
    expect(current.get().type).toBe('signIn')
    expect(users).toEqual([])
  })

  it('begins no chat when it has ended', async () => {
    void current.look()
    current.end()
    await answers(0, signedIn('ann'))
    expect(users).toEqual([])
  })

  it(rule('R3', 'ends the chat of the one before when somebody else is signed in'), async () => {
    void current.look()
    await answers(0, signedIn('ann'))
    void current.look()
    await answers(1, signedIn('bob'))
    expect(users.map(({ userId, client }) => [userId, client.connectionState().type])).toEqual([
      ['ann', 'stopped'],
      ['bob', 'connected'],
    ])
  })

  it('says so when the session has ended', async () => {
    void current.look()
    await answers(0, signedIn('ann'))
    const [ann] = users
    if (ann === undefined) throw new Error('Nobody is signed in.')
    // In another tab somebody else has.
    ann.signedIn = 'bob'
    gateway.crash()
    await clock.advance(5_000)
    await answers(1, signedOut)
    expect(current.get()).toEqual({ type: 'signIn', development: false, notice: 'shell.expired' })
    expect(ann.client.connectionState().type).toBe('stopped')
  })
})
