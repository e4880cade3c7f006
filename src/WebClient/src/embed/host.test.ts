import { beforeEach, describe, expect, it } from 'vitest'
import { settle } from '../testing/fakeClock'
import { rule } from '../testing/rule'
import { mountAt, type HostPage, type Panel, type PanelOptions } from './host'
import { toPosted, type FrameMessage, type UnreadCounts } from './messages'

const chat = 'https://chat.example.com'

let page: FakePage
let askedFor: number
let token: () => Promise<string>
let panel: Panel

/** The helpdesk's page: windows that note what is posted to them, and timers that run when the test says so. */
class FakePage {
  readonly frame = new FakeFrame()
  readonly timers: (() => void)[] = []
  #listener: ((event: unknown) => void) | undefined
  readonly document = { createElement: () => this.frame }

  addEventListener(_: string, listener: (event: unknown) => void): void {
    this.#listener = listener
  }

  removeEventListener(): void {
    this.#listener = undefined
  }

  setTimeout(run: () => void): number {
    return this.timers.push(run)
  }

  clearTimeout(timer: number): void {
    this.timers[timer - 1] = () => undefined
  }

  hears(data: unknown, origin: string, source: unknown): void {
    this.#listener?.({ data, origin, source })
  }
}

class FakeFrame {
  src = ''
  readonly style: Record<string, string> = {}
  readonly posted: { message: unknown; to: string }[] = []
  readonly contentWindow = {
    postMessage: (message: unknown, to: string) => {
      this.posted.push({ message, to })
    },
  }
  readonly attributes = new Map<string, string>()
  removed = false
  load: (() => void) | undefined

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value)
  }

  addEventListener(_: string, listener: () => void): void {
    this.load = listener
  }

  removeEventListener(): void {
    this.load = undefined
  }

  remove(): void {
    this.removed = true
  }
}

beforeEach(() => {
  page = new FakePage()
  askedFor = 0
  token = () => Promise.resolve('a.b.c')
  panel = mounts()
})

function mounts(more: Partial<PanelOptions> = {}): Panel {
  return mountAt(page as unknown as HostPage, chat, { append: () => undefined }, {
    tenant: 'acme',
    token: () => {
      askedFor++
      return token()
    },
    ...more,
  })
}

async function frameSays(message: FrameMessage): Promise<void> {
  page.hears(toPosted(message), chat, page.frame.contentWindow)
  await settle()
}

/** What was posted to the frame since the last time; nothing ever goes to another origin. */
function posted(): unknown[] {
  expect(page.frame.posted.filter(({ to }) => to !== chat)).toEqual([])
  return page.frame.posted.splice(0).map(({ message }) => message)
}

describe('the script of the helpdesk’s page', () => {
  it('shows the tenant’s panel, which cannot take the page elsewhere', () => {
    mounts({ tenant: 'a/b c&d?' })
    expect(page.frame.src).toBe('https://chat.example.com/embed/a%2Fb%20c%26d%3F')
    expect(page.frame.attributes.get('sandbox')).not.toContain('top-navigation')
  })

  it('greets the frame whenever it is loaded', () => {
    page.frame.load?.()
    page.frame.load?.()
    expect(posted()).toEqual([{ chat: 1, type: 'hello' }, { chat: 1, type: 'hello' }])
  })

  it(rule('S7', 'hands the token over as a message, and only when it is asked for one'), async () => {
    expect(page.frame.src).not.toContain('a.b.c')
    expect(askedFor).toBe(0)
    await frameSays({ type: 'tokenNeeded', reason: 'start' })
    expect(posted()).toEqual([{ chat: 1, type: 'token', token: 'a.b.c' }])
    await frameSays({ type: 'tokenNeeded', reason: 'expired' })
    expect(askedFor).toBe(2)
  })

  it(rule('S7', 'gives the token to nobody but the chat in its frame'), async () => {
    const asking = toPosted({ type: 'tokenNeeded', reason: 'start' })
    const { contentWindow } = page.frame
    for (const origin of ['https://evil.example', chat + '.evil.example', chat + '/', 'http://chat.example.com', 'null']) {
      page.hears(asking, origin, contentWindow)
    }
    for (const source of [null, {}, { ...contentWindow }]) page.hears(asking, chat, source)
    for (const data of [null, 'tokenNeeded', { type: 'tokenNeeded', reason: 'start' }]) page.hears(data, chat, contentWindow)
    await settle()
    expect(askedFor).toBe(0)
    expect(posted()).toEqual([])
  })

  it.each([
    () => Promise.reject(new Error('signed out')),
    () => {
      throw new Error('signed out')
    },
  ])('says when there is no token', async (failing) => {
    token = failing
    await frameSays({ type: 'tokenNeeded', reason: 'start' })
    expect(posted()).toEqual([{ chat: 1, type: 'noToken' }])
  })

  it('knows what is unread, and tells whoever wants to know', async () => {
    const first: UnreadCounts[] = []
    const later: UnreadCounts[] = []
    panel = mounts({ onUnread: (counts) => first.push(counts) })
    expect(panel.unread).toEqual({ mentions: 0, unread: 0 })
    await frameSays({ type: 'unread', mentions: 1, unread: 2 })
    const end = panel.onUnread((counts) => later.push(counts))
    await frameSays({ type: 'unread', mentions: 0, unread: 1 })
    end()
    await frameSays({ type: 'unread', mentions: 0, unread: 0 })
    expect(first).toEqual([{ mentions: 1, unread: 2 }, { mentions: 0, unread: 1 }, { mentions: 0, unread: 0 }])
    expect(later).toEqual([{ mentions: 1, unread: 2 }, { mentions: 0, unread: 1 }])
    expect(panel.unread).toEqual({ mentions: 0, unread: 0 })
  })

  it('opens a conversation, when the frame listens', async () => {
    panel.open('c/1')
    panel.open('c/2')
    expect(posted()).toEqual([])
    await frameSays({ type: 'tokenNeeded', reason: 'start' })
    await frameSays({ type: 'signedIn' })
    expect(posted()).toEqual([{ chat: 1, type: 'token', token: 'a.b.c' }, { chat: 1, type: 'open', conversationId: 'c/2' }])
    panel.open('c/3')
    expect(posted()).toEqual([{ chat: 1, type: 'open', conversationId: 'c/3' }])
  })

  it('says why the panel cannot be used', async () => {
    const reasons: string[] = []
    mounts({ onSignInFailed: (reason) => reasons.push(reason) })
    await frameSays({ type: 'signInFailed', reason: 'cookieBlocked' })
    expect(reasons).toEqual(['cookieBlocked'])
  })

  it('signs out, and waits for it no longer than some seconds', async () => {
    let ended = 0
    void panel.signOut().then(() => ended++)
    expect(posted()).toEqual([{ chat: 1, type: 'signOut' }])
    await frameSays({ type: 'signedOut' })
    expect(ended).toBe(1)
    void panel.signOut().then(() => ended++)
    page.timers.at(-1)?.()
    await settle()
    expect(ended).toBe(2)
  })

  it('hears nothing any more when it was taken off the page', async () => {
    panel.unmount()
    await frameSays({ type: 'tokenNeeded', reason: 'start' })
    expect(page.frame.removed).toBe(true)
    expect(askedFor).toBe(0)
  })
})
