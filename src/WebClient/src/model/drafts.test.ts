import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { editKey, hasDraft, isEditKey, joinDrafts, restoreDrafts, withDraft } from './drafts'

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
