import { beforeEach, describe, expect, it } from 'vitest'
import type { SessionAnswer } from '../net/sessionApi'
import { FakeClock, settle } from '../testing/fakeClock'
import { rule } from '../testing/rule'
import { PanelFrame, type PanelChat } from './frame'
import { toPosted, type HostMessage, type UnreadCounts } from './messages'

const desk = 'https://desk.example.com'
const ann = { type: 'signedIn', tenant: 'acme', user: { userId: 'ann', name: 'Ann', role: 'agent' } } satisfies SessionAnswer
const bob: SessionAnswer = { type: 'signedIn', tenant: 'acme', user: { userId: 'bob', name: 'Bob', role: 'agent' } }
const nobody: SessionAnswer = { type: 'signedOut', development: false }

let clock: FakeClock
let posted: { message: object; to: unknown }[]
/** Whom a token stands for; an exchange of another one is refused. */
let tokens: Record<string, SessionAnswer>
let session: SessionAnswer
let exchanged: string[]
let frameOrigins: string[] | undefined
let keepsCookies: boolean
let panel: PanelFrame
let hear: (event: { source: unknown; origin: string; data: unknown }) => void

const parent = {
  postMessage: (message: object, to: unknown) => {
    posted.push({ message, to })
  },
} as unknown as Window

beforeEach(() => {
  clock = new FakeClock()
  posted = []
  tokens = { ofAnn: ann, ofBob: bob }
  session = nobody
  exchanged = []
  frameOrigins = ['https://other.example', desk]
  keepsCookies = true
  panel = newPanel(parent)
})

function newPanel(around: Window | undefined): PanelFrame {
  return new PanelFrame({
    clock,
    parent: around,
    onMessage: (listener) => {
      hear = listener as typeof hear
    },
    readFrameOrigins: () => Promise.resolve(frameOrigins),
    exchange: (token) => {
      exchanged.push(token)
      const whose = tokens[token]
      if (whose === undefined) return Promise.resolve('refused')
      if (whose.type === 'unreachable') return Promise.resolve('unavailable')
      if (keepsCookies) session = whose
      return Promise.resolve('done')
    },
    readSession: () => Promise.resolve(session),
    signOut: () => {
      session = nobody
      return Promise.resolve()
    },
  })
}

async function says(message: HostMessage, origin = desk, source: unknown = parent): Promise<void> {
  hear({ source, origin, data: toPosted(message) })
  await settle()
}

/** What was posted to the host since the last time; nothing ever goes anywhere else. */
function heard(): object[] {
  expect(posted.filter(({ to }) => to !== desk)).toEqual([])
  return posted.splice(0).map(({ message }) => message)
}

async function signsIn(token = 'ofAnn'): Promise<SessionAnswer> {
  const answer = panel.readSession()
  await says({ type: 'hello' })
  await says({ type: 'token', token })
  return answer
}

describe('a panel', () => {
  it('signs in whom the host names', async () => {
    expect(await signsIn()).toEqual(ann)
    expect(heard()).toEqual([
      { chat: 1, type: 'tokenNeeded', reason: 'start' },
      { chat: 1, type: 'signedIn' },
    ])
  })

  it(rule('R3', 'asks for a token whatever cookie is there: it may be of somebody else'), async () => {
    session = bob
    expect(await signsIn('ofAnn')).toEqual(ann)
    expect(exchanged).toEqual(['ofAnn'])
  })

  it('is greeted before it has begun', async () => {
    await says({ type: 'hello' })
    const answer = panel.readSession()
    await settle()
    expect(heard()).toEqual([{ chat: 1, type: 'tokenNeeded', reason: 'start' }])
    await says({ type: 'token', token: 'ofAnn' })
    expect(await answer).toEqual(ann)
  })

  it(rule('S6', 'hears nobody but the window around it'), async () => {
    const answer = panel.readSession()
    for (const source of [null, {}, { postMessage: () => undefined }]) {
      await says({ type: 'hello' }, desk, source)
      await says({ type: 'token', token: 'ofBob' }, desk, source)
    }
    expect(posted).toEqual([])
    await clock.advance(20_000)
    expect(await answer).toEqual({ type: 'unreachable' })
    expect(exchanged).toEqual([])
  })

  it.each(['https://evil.example', desk + '.evil.example', desk + '/', 'http://desk.example.com', 'null', ''])(
    rule('S6', 'hears no page that the tenant did not name: %s'),
    async (origin) => {
      const answer = panel.readSession()
      await says({ type: 'hello' }, origin)
      await says({ type: 'token', token: 'ofBob' }, origin)
      expect(posted).toEqual([])
      await says({ type: 'hello' })
      await says({ type: 'token', token: 'ofBob' }, origin)
      await says({ type: 'token', token: 'ofAnn' })
      expect(await answer).toEqual(ann)
      expect(exchanged).toEqual(['ofAnn'])
      heard()
    },
  )

  it(rule('S6', 'stays with the page that greeted first'), async () => {
    await signsIn()
    await says({ type: 'hello' }, 'https://other.example')
    await says({ type: 'signOut' }, 'https://other.example')
    expect(session).toEqual(ann)
    heard()
  })

  it('of a tenant that named no page talks to nobody', async () => {
    frameOrigins = []
    const answer = panel.readSession()
    await says({ type: 'hello' })
    await clock.advance(20_000)
    expect(await answer).toEqual({ type: 'unreachable' })
    expect(posted).toEqual([])
  })

  it('that does not know whom to hear asks again when it is tried again', async () => {
    frameOrigins = undefined
    await says({ type: 'hello' })
    expect(await panel.readSession()).toEqual({ type: 'unreachable' })
    frameOrigins = [desk]
    const answer = panel.readSession()
    await settle()
    await says({ type: 'token', token: 'ofAnn' })
    expect(await answer).toEqual(ann)
  })

  it.each([
    ['noToken', 'none', nobody],
    ['refused', 'forged', nobody],
    ['unavailable', 'away', { type: 'unreachable' }],
    ['cookieBlocked', 'ofAnn', nobody],
  ])('says why it cannot sign in: %s', async (reason, token, expected) => {
    tokens['away'] = { type: 'unreachable' }
    keepsCookies = reason !== 'cookieBlocked'
    const answer = panel.readSession()
    await says({ type: 'hello' })
    await says(token === 'none' ? { type: 'noToken' } : { type: 'token', token })
    expect(await answer).toEqual(expected)
    expect(heard().at(-1)).toEqual({ chat: 1, type: 'signInFailed', reason })
  })

  it('waits a minute for a token, and begins anew when it is tried again', async () => {
    const answer = panel.readSession()
    await says({ type: 'hello' })
    await clock.advance(60_000)
    expect(await answer).toEqual(nobody)
    expect(heard().at(-1)).toEqual({ chat: 1, type: 'signInFailed', reason: 'noToken' })
    await says({ type: 'token', token: 'ofAnn' })
    expect(exchanged).toEqual([])
    expect(await signsIn()).toEqual(ann)
    expect(clock.pending).toBe(0)
  })

  it('asks once for whoever wants to know meanwhile', async () => {
    const both = [panel.readSession(), panel.readSession()]
    await says({ type: 'hello' })
    await says({ type: 'token', token: 'ofAnn' })
    expect(await Promise.all(both)).toEqual([ann, ann])
    expect(exchanged).toHaveLength(1)
  })

  it('that nobody frames is a page like the chat’s own', async () => {
    panel = newPanel(undefined)
    session = ann
    expect(await panel.readSession()).toEqual(ann)
    await says({ type: 'hello' }, desk, undefined)
    expect(posted).toEqual([])
  })
})

describe('a panel’s session', () => {
  const isStill = () => panel.isStill(ann)

  it('goes on without a question while it is there', async () => {
    await signsIn()
    heard()
    expect(await isStill()).toBe(true)
    session = { type: 'unreachable' }
    expect(await isStill()).toBe(true)
    expect(heard()).toEqual([])
  })

  it('goes on with a new token when it has ended', async () => {
    await signsIn()
    heard()
    session = nobody
    const still = isStill()
    await settle()
    expect(heard()).toEqual([{ chat: 1, type: 'tokenNeeded', reason: 'expired' }])
    await says({ type: 'token', token: 'ofAnn' })
    expect(await still).toBe(true)
  })

  it(rule('R3', 'ends when the host has another person now'), async () => {
    await signsIn()
    session = nobody
    const still = isStill()
    await settle()
    await says({ type: 'token', token: 'ofBob' })
    expect(await still).toBe(false)
  })

  it(rule('R3', 'is taken back when another panel in this browser has signed somebody else in'), async () => {
    await signsIn()
    session = bob
    const still = isStill()
    await settle()
    await says({ type: 'token', token: 'ofAnn' })
    expect(await still).toBe(true)
    expect(session).toEqual(ann)
  })

  it('ends with the helpdesk’s, for good', async () => {
    await signsIn()
    const chat = new FakeChat()
    panel.attach(chat)
    heard()
    await says({ type: 'signOut' })
    expect(heard()).toEqual([{ chat: 1, type: 'signedOut' }])
    expect(chat.left).toBe(true)
    expect(await panel.readSession()).toEqual(nobody)
    expect(heard()).toEqual([])
  })
})

describe('a running panel', () => {
  let chat: FakeChat

  beforeEach(async () => {
    await signsIn()
    heard()
    chat = new FakeChat()
  })

  it('tells what is unread at the beginning and whenever it changes, and not oftener', () => {
    const detach = panel.attach(chat)
    chat.has({ mentions: 0, unread: 0 })
    chat.has({ mentions: 1, unread: 3 })
    chat.has({ mentions: 1, unread: 3 })
    chat.has({ mentions: 0, unread: 3 })
    expect(heard()).toEqual([
      { chat: 1, type: 'unread', mentions: 0, unread: 0 },
      { chat: 1, type: 'unread', mentions: 1, unread: 3 },
      { chat: 1, type: 'unread', mentions: 0, unread: 3 },
    ])
    detach()
    expect(chat.listeners.size).toBe(0)
  })

  it('opens the conversation that the host names, also one that it named before', async () => {
    await says({ type: 'open', conversationId: 'c/1' })
    await says({ type: 'open', conversationId: 'c/2' })
    const detach = panel.attach(chat)
    await says({ type: 'open', conversationId: 'c/3' })
    expect(chat.opened).toEqual(['c/2', 'c/3'])
    detach()
    panel.attach(chat)
    expect(chat.opened).toEqual(['c/2', 'c/3'])
  })
})

class FakeChat implements PanelChat {
  readonly opened: string[] = []
  readonly listeners = new Set<() => void>()
  left = false
  #counts: UnreadCounts = { mentions: 0, unread: 0 }

  has(counts: UnreadCounts): void {
    this.#counts = { ...counts }
    for (const listener of this.listeners) listener()
  }

  unread(): UnreadCounts {
    return this.#counts
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  open(conversationId: string): void {
    this.opened.push(conversationId)
  }

  leave(): void {
    this.left = true
  }
}
