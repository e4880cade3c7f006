import { beforeEach, describe, expect, it } from 'vitest'
import { automaticRetryMaxMs } from '../model/outbox'
import { MemoryStorage, people, TestUser } from '../testing/chatFixture'
import { FakeClock, settle } from '../testing/fakeClock'
import { FakeGateway } from '../testing/fakeGateway'
import type { Methods } from '../protocol/wire'
import { rule } from '../testing/rule'

let clock: FakeClock
let gateway: FakeGateway
let storage: MemoryStorage
let ann: TestUser

beforeEach(async () => {
  clock = new FakeClock()
  gateway = new FakeGateway(people, () => clock.now())
  gateway.startGroup('g', 'Desk', ['bob', 'ann'])
  gateway.startGroup('h', 'Other', ['bob', 'ann'])
  storage = new MemoryStorage()
  ann = await new TestUser(gateway, clock, 'ann', storage).comes()
  await ann.opens('g')
})

function texts(): string[] {
  return gateway.posts.map((post) => post.text)
}

function stored(): string[] {
  return gateway.messages('g').flatMap((message) => (message.kind === 'text' ? [message.text] : []))
}

describe(rule('M5', 'the outbox'), () => {
  it('shows a message at once and as the server stored it soon after', async () => {
    ann.client.write('g', 'hello')
    expect(ann.sees().at(-1)).toBe('hello (sending)')
    await settle()
    expect(ann.sees().at(-1)).toBe('hello')
    expect(ann.state.outbox).toEqual([])
  })

  it('sends again with the same id when the answer was lost, and the message is there once', async () => {
    gateway.losePostAnswers = 1
    await ann.writes('g', 'hello')
    expect(ann.sees().filter((text) => text.startsWith('hello'))).toHaveLength(1)
    await clock.advance(2_000)
    expect(stored()).toEqual(['hello'])
    expect(ann.sees().filter((text) => text.startsWith('hello'))).toEqual(['hello'])
    expect(new Set(gateway.posts.map((post) => post.clientId)).size).toBe(1)
  })

  it('keeps what is written offline as sending and sends it in the order written', async () => {
    ann.online = false
    gateway.crash()
    await settle()
    for (const text of ['one', 'two', 'three']) await ann.writes('g', text)
    await clock.advance(3_600_000)
    expect(ann.sees().slice(-3)).toEqual(['one (sending)', 'two (sending)', 'three (sending)'])
    await ann.comesBack()
    await clock.advance(10_000)
    expect(stored()).toEqual(['one', 'two', 'three'])
  })

  it('repeats what was refused for now before anything that was written after it', async () => {
    gateway.postRefusals.push({ code: 'rateLimited', retryAfterMs: 3_000 }, { code: 'unavailable', retryAfterMs: 200 })
    await ann.writes('g', 'one')
    await ann.writes('g', 'two')
    expect(texts()).toEqual(['one'])
    await clock.advance(2_999)
    expect(texts()).toEqual(['one'])
    await clock.advance(1)
    expect(texts()).toEqual(['one', 'one'])
    await clock.advance(1_000)
    expect(stored()).toEqual(['one', 'two'])
    expect(new Set(gateway.posts.map((post) => post.clientId)).size).toBe(2)
  })

  it('lets a conversation that has to wait hold up no other', async () => {
    gateway.postRefusals.push({ code: 'overloaded', retryAfterMs: 60_000 })
    await ann.writes('g', 'waits')
    await ann.writes('h', 'goes')
    expect(gateway.messages('h').at(-1)?.text).toBe('goes')
  })

  it('takes a timeout for unknown, not for failed', async () => {
    gateway.postRefusals.push({ code: 'timeout' })
    await ann.writes('g', 'hello')
    expect(ann.sees().at(-1)).toBe('hello (sending)')
    await clock.advance(1_000)
    expect(ann.sees().at(-1)).toBe('hello')
  })

  it('fails what is refused for good, and goes on with the next', async () => {
    gateway.postRefusals.push({ code: 'textTooLong' })
    await ann.writes('g', 'refused')
    await ann.writes('g', 'next')
    expect(stored()).toEqual(['next'])
    expect(ann.sees().at(-1)).toBe('refused (failed)')
    await clock.advance(60_000)
    expect(texts()).toEqual(['refused', 'next'])
  })

  it('a failed message can be sent again, edited or discarded', async () => {
    gateway.postRefusals.push({ code: 'textInvalid' }, { code: 'textInvalid' }, { code: 'textInvalid' })
    for (const text of ['again', 'edit me', 'away']) await ann.writes('g', text)
    const [again, edit, away] = ann.state.outbox.map((entry) => entry.clientId)
    ann.client.retrySending(again ?? '')
    ann.client.editUnsent(edit ?? '')
    ann.client.discard(away ?? '')
    await settle()
    expect(stored()).toEqual(['again'])
    expect(ann.state.drafts.get('g')).toBe('edit me')
    expect(ann.state.outbox).toEqual([])
  })

  it('stops sending by itself after 24 hours', async () => {
    ann.online = false
    gateway.crash()
    await ann.writes('g', 'late')
    await clock.advance(automaticRetryMaxMs)
    await ann.comesBack()
    expect(stored()).toEqual([])
    expect(ann.state.outbox[0]?.status).toEqual({ type: 'failed', reason: 'tooOld' })
    ann.client.retrySending(ann.state.outbox[0]?.clientId ?? '')
    await settle()
    expect(stored()).toEqual(['late'])
  })

  it('survives a reload in the middle of everything', async () => {
    gateway.losePostAnswers = 1
    await ann.writes('g', 'one')
    ann.online = false
    await ann.writes('g', 'two')
    await ann.writes('g', 'three')
    ann.client.stop()
    const reloaded = await new TestUser(gateway, clock, 'ann', storage).comes()
    await reloaded.opens('g')
    await clock.advance(1_000)
    expect(stored()).toEqual(['one', 'two', 'three'])
    expect(reloaded.sees().slice(-3)).toEqual(['one', 'two', 'three'])
    expect(storage.length).toBe(0)
  })

  it('is nobody else’s', async () => {
    ann.online = false
    gateway.crash()
    await ann.writes('g', 'mine')
    ann.client.stop()
    const bob = await new TestUser(gateway, clock, 'bob', storage).comes()
    expect(bob.state.outbox).toEqual([])
    expect(storage.length).toBe(1)
  })

  it('asks for what lies before a message whose echo does not come', async () => {
    gateway.silentEvents = true
    gateway.post('g', 'bob', 'unheard')
    await ann.writes('g', 'hello')
    expect(ann.sees().at(-1)).toBe('hello (sent)')
    await clock.advance(2_000)
    expect(ann.sees().slice(-2)).toEqual(['unheard', 'hello'])
  })
})

function requests(): Methods['Post']['request'][] {
  return gateway.calls.flatMap(({ method, request }) => (method === 'Post' ? [request as Methods['Post']['request']] : []))
}

describe(rule('W12', 'an answer to a message'), () => {
  it('says which one, and is one message only', async () => {
    const asked = gateway.post('g', 'bob', 'when?')
    await settle()
    ann.client.store.dispatch({ type: 'replyChosen', conversationId: 'g', message: asked })
    await ann.writes('g', 'now')
    await ann.writes('g', 'by the way')
    expect(requests().map(({ replyTo }) => replyTo)).toEqual([asked.seq, undefined])
  })

  it('is still one after a reload', async () => {
    const asked = gateway.post('g', 'bob', 'when?')
    await settle()
    ann.online = false
    gateway.crash()
    ann.client.store.dispatch({ type: 'replyChosen', conversationId: 'g', message: asked })
    await ann.writes('g', 'now')
    ann.client.stop()
    await new TestUser(gateway, clock, 'ann', storage).comes()
    expect(requests()[0]?.replyTo).toBe(asked.seq)
  })

  it('can still be said when that message is gone', async () => {
    const asked = gateway.post('g', 'bob', 'when?')
    await settle()
    gateway.postRefusals.push({ code: 'messageNotFound' })
    ann.client.store.dispatch({ type: 'replyChosen', conversationId: 'g', message: asked })
    await ann.writes('g', 'now')
    expect(ann.sees().at(-1)).toBe('now (failed)')
    ann.client.retrySending(ann.state.outbox[0]?.clientId ?? '')
    await settle()
    expect(requests().at(-1)?.replyTo).toBeUndefined()
    expect(stored().at(-1)).toBe('now')
  })

  it('taken back into the field still answers', async () => {
    const asked = gateway.post('g', 'bob', 'when?')
    await settle()
    gateway.postRefusals.push({ code: 'textInvalid' })
    ann.client.store.dispatch({ type: 'replyChosen', conversationId: 'g', message: asked })
    await ann.writes('g', 'now')
    expect(ann.state.composing.get('g')).toBeUndefined()
    ann.client.editUnsent(ann.state.outbox[0]?.clientId ?? '')
    expect(ann.state.composing.get('g')?.replyTo?.seq).toBe(asked.seq)
  })
})

describe(rule('N3', 'a message for many'), () => {
  it('waits for its author to confirm how many, and is sent with the same id', async () => {
    gateway.postRefusals.push({ code: 'confirmationNeeded', recipients: 12 })
    await ann.writes('g', '<!all> hello')
    expect(ann.state.outbox[0]?.status).toEqual({ type: 'failed', reason: 'confirmationNeeded', recipients: 12 })
    ann.client.retrySending(ann.state.outbox[0]?.clientId ?? '')
    await settle()
    expect(requests().map(({ wideConfirmed }) => wideConfirmed)).toEqual([undefined, true])
    expect(new Set(requests().map(({ clientId }) => clientId)).size).toBe(1)
    expect(stored()).toEqual(['<!all> hello'])
  })
})

describe(rule('N4', 'somebody named who does not belong there'), () => {
  it('is known to the author until he has seen it', async () => {
    gateway.notMembers = ['zoe']
    await ann.writes('g', '<@zoe> look')
    expect(ann.state.notTold.get('g')).toEqual(['zoe'])
    ann.client.store.dispatch({ type: 'notToldSeen', conversationId: 'g' })
    expect(ann.state.notTold.get('g')).toBeUndefined()
  })
})

describe(rule('U6', 'sending'), () => {
  it('moves my cursor to what was really displayed, and no further', async () => {
    const shown = gateway.post('g', 'bob', 'shown')
    gateway.post('g', 'bob', 'below the edge')
    await settle()
    await ann.writes('g', 'before anything was displayed')
    ann.client.displayed('g', shown.seq)
    await ann.writes('g', 'after')
    expect(requests().map(({ lastSeenSeq }) => lastSeenSeq)).toEqual([undefined, shown.seq])
  })
})

describe(rule('M5', 'the outbox in two tabs'), () => {
  let tab: MemoryStorage
  let other: TestUser

  /** Both hold the same unsent messages. */
  beforeEach(async () => {
    ann.online = false
    gateway.crash()
    for (const text of ['one', 'two']) await ann.writes('g', text)
    tab = storage.otherTab()
    other = new TestUser(gateway, clock, 'ann', tab)
    other.online = false
    await other.comes()
    await other.opens('g')
    expect(other.sees()).toEqual(['one (sending)', 'two (sending)'])
  })

  function discardFirst() {
    ann.client.discard(ann.state.outbox[0]?.clientId ?? '')
  }

  it('drops in one what is discarded in the other', async () => {
    discardFirst()
    await settle()
    expect(other.sees()).toEqual(['two (sending)'])
    await other.comesBack()
    await clock.advance(1_000)
    expect(texts()).toEqual(['two'])
    expect(storage.length).toBe(0)
  })

  it('does not send what was discarded, though word of it has not come yet', async () => {
    tab.deaf = true
    discardFirst()
    await other.comesBack()
    await clock.advance(1_000)
    expect(texts()).toEqual(['two'])
    expect(other.state.outbox).toEqual([])
  })

  it('keeps what the server has stored until the conversation shows it', async () => {
    gateway.silentEvents = true
    gateway.post('g', 'bob', 'unheard')
    await other.comesBack()
    expect(other.sees().slice(-1)).toEqual(['two'])
    gateway.post('g', 'bob', 'unheard, too')
    await other.writes('g', 'three')
    const [sent] = other.state.outbox
    expect(sent?.status.type).toBe('sent')
    storage.removeItem(`chat.outbox/demo/ann/${sent?.clientId ?? ''}`)
    await settle()
    expect(other.sees().at(-1)).toBe('three (sent)')
    await clock.advance(2_000)
    expect(other.sees().at(-1)).toBe('three')
  })

  it('stops listening when the person has signed out', async () => {
    other.client.stop()
    discardFirst()
    await settle()
    expect(other.state.outbox).toHaveLength(2)
  })
})
