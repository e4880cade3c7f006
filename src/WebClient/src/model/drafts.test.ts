import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { editKey, hasDraft, isEditKey, joinDrafts, mergeDraft, restoreDrafts, sameDraft, withDraft } from './drafts'

describe(rule('W3', 'drafts'), () => {
  it('are there as long as there is something in them', () => {
    const drafts = withDraft(new Map(), 'g', 'begun')
    expect([hasDraft({ drafts }, 'g'), hasDraft({ drafts }, 'h')]).toEqual([true, false])
    expect(hasDraft({ drafts: withDraft(drafts, 'g', ' \n') }, 'g')).toBe(false)
    expect(withDraft(drafts, 'g', '')).toEqual(new Map())
  })

  it('stay the same object when nothing changes', () => {
    const drafts = withDraft(new Map(), 'g', 'begun')
    expect(withDraft(drafts, 'g', 'begun')).toBe(drafts)
    expect(withDraft(drafts, 'h', '')).toBe(drafts)
  })

  it('of a message being edited are none of the conversation', () => {
    const drafts = withDraft(new Map(), editKey('g', 7), 'better')
    expect(hasDraft({ drafts }, 'g')).toBe(false)
    expect([isEditKey(editKey('g', 7)), isEditKey('g')]).toEqual([true, false])
  })

  it('written before those on disk were read are not overwritten', () => {
    expect(restoreDrafts(new Map([['g', 'new']]), new Map([['g', 'old'], ['h', 'other']]))).toEqual(
      new Map([['g', 'new'], ['h', 'other']]),
    )
  })
})

describe(rule('W3', 'two drafts for one conversation'), () => {
  it.each([
    ['both are kept', 'mine', 'other', 'mine\n\n---\n\nother'],
    ['the same once', 'same', 'same ', 'same'],
    ['one that goes on from the other', 'begun', 'begun and more', 'begun and more'],
    ['one that had been longer', 'begun and more', 'begun', 'begun and more'],
    ['nothing here', ' ', 'other', 'other'],
    ['nothing there', 'mine', '', 'mine'],
  ])('%s', (_, mine, other, joined) => {
    expect(joinDrafts(mine, other)).toBe(joined)
  })
})

describe(rule('W3', 'a draft that the server has another text for'), () => {
  const [base, mine, theirs] = [{ text: 'base' }, { text: 'mine' }, { text: 'theirs' }]

  it('is the server’s where nothing was written here since', () => {
    expect(mergeDraft(base, base, theirs)).toEqual({ draft: theirs, both: false })
    expect(mergeDraft(base, { text: 'base' }, { text: '' })).toEqual({ draft: { text: '' }, both: false })
  })

  it('is both where both were written', () => {
    expect(mergeDraft(mine, base, theirs)).toEqual({ draft: { text: 'mine\n\n---\n\ntheirs' }, both: true })
    expect(mergeDraft(mine, undefined, theirs).both).toBe(true)
  })

  it('stays where it was cleared or is the same there', () => {
    expect(mergeDraft(mine, base, { text: '' })).toEqual({ draft: mine, both: false })
    expect(mergeDraft(mine, base, { text: 'mine' })).toEqual({ draft: mine, both: false })
  })

  it('keeps what it answers', () => {
    expect(mergeDraft({ text: 'mine' }, base, { text: 'theirs', replyTo: 3 }).draft.replyTo).toBe(3)
    expect(mergeDraft({ text: 'mine', replyTo: 2 }, base, { text: 'theirs', replyTo: 3 }).draft.replyTo).toBe(2)
  })

  it('is compared as the server compares', () => {
    expect(sameDraft({ text: 'e\u0301' }, { text: '\u00e9' })).toBe(true)
    expect(sameDraft({ text: ' \n', replyTo: 3 }, { text: '' })).toBe(true)
    expect(sameDraft({ text: 'a', replyTo: 3 }, { text: 'a' })).toBe(false)
  })
})
