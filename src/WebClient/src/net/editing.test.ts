import { beforeEach, describe, expect, it } from 'vitest'
import { editKey } from '../model/drafts'
import type { Answer, Message, Methods } from '../protocol/wire'
import { MemoryStorage, people, TestUser } from '../testing/chatFixture'
import { FakeClock, settle } from '../testing/fakeClock'
import { FakeGateway } from '../testing/fakeGateway'
import { rule } from '../testing/rule'

let gateway: FakeGateway
let ann: TestUser
let clock: FakeClock
let storage: MemoryStorage
let mine: Message
let answer: Answer<Methods['Edit']['answer']>

const saved = { ok: true, rev: 9, time: '2026-01-05T09:00:00Z', duplicate: false } as const

beforeEach(async () => {
  clock = new FakeClock()
  storage = new MemoryStorage()
  gateway = new FakeGateway(people, () => clock.now())
  gateway.startGroup('g', 'Desk', ['bob', 'ann'])
  mine = gateway.post('g', 'ann', 'helo')
  answer = saved
  gateway.answers.Edit = () => answer
  ann = await new TestUser(gateway, clock, 'ann', storage).comes()
  await ann.opens('g')
  ann.client.store.dispatch({ type: 'editChosen', conversationId: 'g', message: mine })
  ann.client.drafts.change(editKey('g', mine.seq), 'hello')
})

function edits(): Methods['Edit']['request'][] {
  return gateway.calls.flatMap(({ method, request }) => (method === 'Edit' ? [request as Methods['Edit']['request']] : []))
}

function written(): string | undefined {
  return ann.state.drafts.get(editKey('g', mine.seq))
}

async function save(text: string, seen = mine, wideConfirmed?: boolean) {
  const result = ann.client.editing.save('g', seen, text, wideConfirmed)
  await settle()
  return result
}

describe(rule('M9', 'an edit'), () => {
  it('names the version that its author saw, and ends when it is saved', async () => {
    expect(await save('hello')).toEqual({ type: 'saved' })
    expect(edits()).toMatchObject([{ conversationId: 'g', seq: mine.seq, version: 1, text: 'hello' }])
    expect([written(), ann.state.composing.get('g')]).toEqual([undefined, undefined])
  })

  it('that changes nothing is not sent', async () => {
    expect(await save('helo')).toEqual({ type: 'saved' })
    expect(edits()).toEqual([])
    expect(ann.state.composing.get('g')).toBeUndefined()
  })

  it('of a text that was changed meanwhile gives that text, and loses nothing', async () => {
    answer = { ok: false, error: { code: 'versionStale', message: '', version: 2 } }
    expect(await save('hello')).toMatchObject({ type: 'stale', message: { seq: mine.seq } })
    expect([written(), ann.state.composing.get('g')?.editing]).toEqual(['hello', mine])
    answer = saved
    expect(await save('hello', { ...mine, version: 2 })).toEqual({ type: 'saved' })
    expect(edits().map(({ version }) => version)).toEqual([1, 2])
  })

  it('that is refused stays in the field', async () => {
    answer = { ok: false, error: { code: 'editClosed', message: '' } }
    expect(await save('hello')).toEqual({ type: 'refused', code: 'editClosed' })
    expect(written()).toBe('hello')
  })

  it('given up is forgotten', () => {
    ann.client.editing.cancel('g', mine.seq)
    expect([written(), ann.state.composing.get('g')]).toEqual([undefined, undefined])
  })
})

describe(rule('W3', 'the text for a message that was deleted meanwhile'), () => {
  const other = 'h'
  let told: string[]

  function watch(conversationId: string): () => void {
    return ann.client.drafts.watchRescued(conversationId, () => told.push(conversationId))
  }

  async function isDeleted(seq = mine.seq) {
    const time = new Date(0).toISOString()
    const deleted = { seq, authorId: 'ann', deletedAt: time, postedAt: time }
    gateway.send('ann', 'messageDeleted', { conversationId: 'g', rev: gateway.conversation('g', 'ann').head.rev + 1, deleted })
    await settle()
  }

  beforeEach(() => {
    told = []
  })

  it('is the next message, before the composer is drawn anew, and is told of once', async () => {
    const drafts: (string | undefined)[] = []
    ann.client.shown.subscribe(() => {
      const { composing, drafts: shown } = ann.client.shown.get()
      if (!composing.has('g')) drafts.push(shown.get('g'))
    })
    const stop = watch('g')
    await isDeleted()
    stop()
    watch('g')
    expect(drafts[0]).toBe('hello')
    expect([written(), ann.state.drafts.get('g'), ann.state.composing.get('g')]).toEqual([undefined, 'hello', undefined])
    expect(told).toEqual(['g'])
  })

  it('stands below what was begun there', async () => {
    ann.client.drafts.change('g', 'begun')
    await isDeleted()
    expect(ann.state.drafts.get('g')).toBe('begun\n\n---\n\nhello')
  })

  it('is kept while another conversation is open, and told of by whoever comes back', async () => {
    gateway.startGroup(other, 'Other', ['bob', 'ann'])
    await ann.opens(other)
    const stop = watch(other)
    await isDeleted()
    stop()
    expect([written(), ann.state.drafts.get('g'), ann.state.drafts.get(other)]).toEqual([undefined, 'hello', undefined])
    expect(told).toEqual([])
    watch('g')
    expect(told).toEqual(['g'])
  })

  it('is kept when the edit was left for an answer', async () => {
    ann.client.store.dispatch({ type: 'replyChosen', conversationId: 'g', message: gateway.post('g', 'bob', 'and?') })
    watch('g')
    expect([written(), told]).toEqual(['hello', []])
    await settle()
    await isDeleted()
    expect([written(), ann.state.drafts.get('g'), told]).toEqual([undefined, 'hello', ['g']])
  })

  it('is kept after a reload', async () => {
    await isDeleted()
    const reloaded = await new TestUser(gateway, clock, 'ann', storage).comes()
    expect(reloaded.state.drafts).toEqual(new Map([['g', 'hello']]))
  })

  it('is none when the edit was given up or saved, or another message was deleted', async () => {
    watch('g')
    await isDeleted(mine.seq + 1)
    expect(written()).toBe('hello')
    ann.client.editing.cancel('g', mine.seq)
    await isDeleted()
    expect([ann.state.drafts.size, told]).toEqual([0, []])
  })
})

describe(rule('N3', 'an edit that notifies many'), () => {
  it('asks first', async () => {
    answer = { ok: false, error: { code: 'confirmationNeeded', message: '', recipients: 12 } }
    expect(await save('<!all>')).toEqual({ type: 'asks', recipients: 12 })
    answer = { ...saved, notMembers: ['zoe'] }
    expect(await save('<!all>', mine, true)).toEqual({ type: 'saved' })
    expect(edits().at(-1)?.wideConfirmed).toBe(true)
    expect(ann.state.notTold.get('g')).toEqual(['zoe'])
  })
})
