import { beforeEach, describe, expect, it } from 'vitest'
import { initialChatState } from '../model/chatState'
import { Store } from '../model/store'
import type { Message, NotificationReport, ServerEvent } from '../protocol/wire'
import { FakeClock, settle } from '../testing/fakeClock'
import { rule } from '../testing/rule'
import { ann, bob, group, message, unread } from '../testing/samples'
import type { Calls } from './calls'
import { Notifications, type Popups } from './notifications'
import { type TabLink, Tabs } from './tabs'

/** One browser: all of its tabs hear each other, and one of them leads. */
class Machine {
  readonly #listeners = new Set<(message: unknown) => void>()
  readonly #queue: (() => void)[] = []

  link(): TabLink {
    let own: ((message: unknown) => void) | undefined
    return {
      lead: (onLeading) => {
        this.#queue.push(onLeading)
        if (this.#queue.length === 1) onLeading()
        return () => {
          const first = this.#queue[0] === onLeading
          this.#queue.splice(this.#queue.indexOf(onLeading), 1)
          if (first) this.#queue[0]?.()
        }
      },
      send: (sent) => {
        for (const listen of this.#listeners) if (listen !== own) listen(sent)
      },
      receive: (listen) => {
        own = listen
        this.#listeners.add(listen)
        return () => {
          this.#listeners.delete(listen)
        }
      },
    }
  }
}

/** Somewhere else, with nothing open. */
const nobody = { openId: undefined, focused: false, lastInput: -Infinity }
const at = new Date(0).toISOString()

class Tab {
  readonly store = new Store(initialChatState('demo', ann))
  readonly tabs: Tabs
  readonly shows: string[] = []
  readonly reports: NotificationReport[] = []
  readonly #notifications: Notifications

  /** `seen`: whether it is known yet what it shows. */
  constructor(machine: { link: () => TabLink }, clock: FakeClock, id: string, seen = true) {
    this.tabs = new Tabs(machine.link(), id)
    this.tabs.start()
    if (seen) this.tabs.tell(nobody)
    const popups: Popups = {
      show: ({ conversationId, seq }) => this.shows.push(`${conversationId} ${seq}`),
      showSummary: (count) => this.shows.push(`summary of ${count}`),
      close: ({ conversationId, seq }) => this.shows.push(`closed ${conversationId} ${seq}`),
    }
    const ask = (_: string, request: { items: NotificationReport[] }) => {
      this.reports.push(...request.items)
      return Promise.resolve({ ok: true })
    }
    this.#notifications = new Notifications(this.store, { ask } as unknown as Calls, clock, this.tabs, popups, 'laptop')
    const conversations = [group('g', 1), group('dm', 1, { kind: 'direct' })]
    this.store.dispatch({ type: 'listRead', conversations, next: undefined, first: true })
    this.store.subscribe(() => {
      this.#notifications.moved()
    })
  }

  hears(event: ServerEvent): void {
    if (event.type === 'messagePosted') this.store.dispatch({ type: 'eventReceived', event })
    this.#notifications.received(event)
  }

  hearsMessage(seq: number, conversationId = 'dm', more: Partial<Message> = {}): void {
    this.hears({ type: 'messagePosted', conversationId, rev: seq, message: message(seq, bob, more) })
  }

  isAway(): void {
    this.#notifications.lost()
  }

  isBack(): void {
    this.#notifications.synchronised()
  }

  closes(): void {
    this.#notifications.stop()
    this.tabs.stop()
  }
}

let clock: FakeClock
let machine: Machine
let tab: Tab

beforeEach(() => {
  clock = new FakeClock()
  machine = new Machine()
  tab = new Tab(machine, clock, 'one')
})

const byName = { mentions: { users: ['ann'], all: false, here: [] } }

describe(rule('N9', 'one popup for a message and machine'), () => {
  it('is no affair of a tab of which is not known yet what it shows', async () => {
    const early = new Tab(new Machine(), clock, 'early', false)
    early.hearsMessage(2)
    await clock.advance(10_000)
    expect(early.shows).toEqual([])
    expect(early.reports).toEqual([])
  })

  it('waits for the tab that leads soon', async () => {
    const early = new Tab(new Machine(), clock, 'early', false)
    early.hearsMessage(2)
    early.hearsMessage(1, 'dm', byName)
    early.hears({ type: 'messageDeleted', conversationId: 'dm', rev: 4, deleted: { seq: 1, authorId: 'bob', postedAt: at, deletedAt: at } })
    await clock.advance(4_999)
    early.tabs.tell(nobody)
    expect(early.shows).toEqual(['dm 2'])

    const late = new Tab(new Machine(), clock, 'late', false)
    late.hearsMessage(2)
    await clock.advance(5_000)
    late.tabs.tell(nobody)
    expect(late.shows).toEqual([])
  })

  it('waits for the browser to give the lead', () => {
    let lead: () => void = () => undefined
    const link: TabLink = {
      ...new Machine().link(),
      lead: (onLeading) => {
        lead = onLeading
        return () => undefined
      },
    }
    const alone = new Tab({ link: () => link }, clock, 'alone')
    alone.hearsMessage(2)
    alone.hearsMessage(3, 'g', byName)
    const edited = { seq: 3, authorId: 'bob', version: 2, text: 'never mind', postedAt: at, editedAt: at }
    alone.hears({ type: 'messageEdited', conversationId: 'g', rev: 4, edited })
    expect(alone.shows).toEqual([])
    lead()
    expect(alone.shows).toEqual(['dm 2'])
  })

  it('waits for the one of several new tabs that leads', () => {
    const both = new Machine()
    const [first, second] = [new Tab(both, clock, 'first', false), new Tab(both, clock, 'second')]
    second.tabs.tell({ ...nobody, openId: 'g' })
    for (const each of [first, second]) each.hearsMessage(2)
    first.tabs.tell(nobody)
    expect([first.shows, second.shows]).toEqual([['dm 2'], []])
  })

  it('waits for nothing where another tab leads', () => {
    const other = new Tab(machine, clock, 'two')
    other.hearsMessage(2)
    tab.closes()
    expect(other.shows).toEqual([])
  })

  it('is no affair of a tab that has ended', () => {
    let open = true
    const link: TabLink = {
      ...new Machine().link(),
      send: () => {
        if (!open) throw new Error('The channel is closed.')
      },
    }
    const ended = new Tab({ link: () => link }, clock, 'ended')
    ended.closes()
    open = false
    ended.tabs.tell({ ...nobody, openId: 'dm' })
    ended.hearsMessage(2)
    expect(ended.shows).toEqual([])
  })

  it('is shown by one of two tabs', () => {
    const other = new Tab(machine, clock, 'two')
    for (const each of [tab, other]) each.hearsMessage(2)
    expect([...tab.shows, ...other.shows]).toEqual(['dm 2'])
  })

  it('is shown once, however often the message comes', () => {
    tab.hearsMessage(2)
    tab.hearsMessage(2)
    expect(tab.shows).toEqual(['dm 2'])
  })

  it('is shown by another tab when the leading one is closed', () => {
    const other = new Tab(machine, clock, 'two')
    tab.closes()
    other.hearsMessage(2)
    expect(other.shows).toEqual(['dm 2'])
  })
})

describe('the first message of a direct conversation', () => {
  it('pops up when the client has learnt what it belongs to', () => {
    tab.hearsMessage(1, 'dm new')
    expect(tab.shows).toEqual([])
    const conversations = [group('dm new', 1, { kind: 'direct' })]
    tab.store.dispatch({ type: 'listRead', conversations, next: undefined, first: false })
    expect(tab.shows).toEqual(['dm new 1'])
  })
})

describe(rule('M10', 'a message that was deleted'), () => {
  it('does not pop up when the client learns what it belonged to', () => {
    tab.hearsMessage(1, 'dm new')
    tab.hears({ type: 'messageDeleted', conversationId: 'dm new', rev: 2, deleted: { seq: 1, authorId: 'bob', postedAt: at, deletedAt: at } })
    const conversations = [group('dm new', 1, { kind: 'direct' })]
    tab.store.dispatch({ type: 'listRead', conversations, next: undefined, first: false })
    expect(tab.shows).toEqual([])
  })
})

describe(rule('N8', 'no popup'), () => {
  it('tells what is looked at in another tab', async () => {
    const other = new Tab(machine, clock, 'two')
    other.tabs.tell({ openId: 'dm', focused: true, lastInput: clock.now() })
    tab.hearsMessage(2)
    expect(tab.shows).toEqual([])
    await clock.advance(20_000)
    expect(tab.reports).toMatchObject([{ seq: 2, outcome: 'heldByFocus' }])
    other.closes()
    tab.hearsMessage(3)
    expect(tab.shows).toEqual(['dm 3'])
  })

  it('tells what does not notify', () => {
    tab.hearsMessage(2, 'g')
    tab.hearsMessage(3, 'g', byName)
    expect(tab.shows).toEqual(['g 3'])
  })
})

describe(rule('U10', 'a popup'), () => {
  it('goes when the message is read anywhere, or deleted', () => {
    tab.hearsMessage(2)
    tab.hearsMessage(3)
    tab.hears({ type: 'readCursorMoved', conversationId: 'dm', unread: unread(3, { readSeq: 2 }) })
    tab.hears({
      type: 'messageDeleted',
      conversationId: 'dm',
      rev: 4,
      deleted: { seq: 3, authorId: 'bob', deletedAt: '', postedAt: '' },
    })
    expect(tab.shows).toEqual(['dm 2', 'dm 3', 'closed dm 2', 'closed dm 3'])
  })
})

describe(rule('N6', 'while nobody may disturb'), () => {
  it('popups wait, and are one summary when that ends by itself', async () => {
    const until = new Date(clock.now() + 60_000).toISOString()
    tab.store.dispatch({ type: 'statusChosen', me: { status: 'dnd', until, showTyping: true } })
    tab.hearsMessage(2)
    tab.hearsMessage(3)
    tab.hearsMessage(2, 'g', byName)
    tab.hears({ type: 'readCursorMoved', conversationId: 'g', unread: unread(2, { readSeq: 2 }) })
    expect(tab.shows).toEqual([])
    await clock.advance(60_000)
    expect(tab.shows).toEqual(['summary of 2'])
  })

  it('the author may notify at once', () => {
    tab.store.dispatch({ type: 'statusChosen', me: { status: 'dnd', showTyping: true } })
    tab.hearsMessage(2, 'g', byName)
    tab.hears({ type: 'notifyNow', conversationId: 'g', seq: 2, authorId: 'bob' })
    expect(tab.shows).toEqual(['g 2'])
    tab.store.dispatch({ type: 'statusChosen', me: { status: 'auto', showTyping: true } })
    expect(tab.shows).toEqual(['g 2'])
  })
})

describe('after an interruption', () => {
  it('the last message of each conversation is told', () => {
    tab.isBack()
    tab.isAway()
    hasMissed()
    tab.isBack()
    tab.isBack()
    expect(tab.shows).toEqual(['dm 5'])
  })

  it('is nothing that was there before the page was', () => {
    // Before it is connected for the first time a page is away, too.
    tab.isAway()
    hasMissed()
    tab.isBack()
    expect(tab.shows).toEqual([])
  })

  function hasMissed(): void {
    const missed = message(5)
    const conversations = [group('dm', 5, { kind: 'direct', lastMessage: missed, unread: unread(5, { readSeq: 1, unread: 4 }) })]
    tab.store.dispatch({ type: 'listRead', conversations, next: undefined, first: true })
  }
})

describe(rule('N12', 'what became of each message'), () => {
  it('is reported together', async () => {
    tab.hearsMessage(2)
    tab.hears({ type: 'readCursorMoved', conversationId: 'dm', unread: unread(2, { readSeq: 2 }) })
    await clock.advance(20_000)
    await settle()
    expect(tab.reports.map(({ seq, outcome }) => [seq, outcome])).toEqual([
      [2, 'shown'],
      [2, 'closed'],
    ])
  })
})
