import { describe, expect, it } from 'vitest'
import { typingWords } from '../ui/presence/presenceWords'
import { english } from '../i18n/words'
import { rule } from '../testing/rule'
import { ann, bob, group, message } from '../testing/samples'
import { reduceChat } from './chatReducer'
import { type ChatAction, type ChatState, initialChatState } from './chatState'
import { nextExpiry, typingHoldsMs, typistsIn } from './typing'

const now = 1_000_000
const empty = reduceChat(initialChatState('demo', ann), {
  type: 'listRead',
  conversations: [group('g', 3)],
  next: undefined,
  first: true,
})

function reduce(state: ChatState, ...actions: ChatAction[]): ChatState {
  return actions.reduce(reduceChat, state)
}

function types(userId: string, typing = true, at = now): ChatAction {
  return { type: 'typingHeard', conversationId: 'g', userId, typing, now: at }
}

function typists(state: ChatState): string[] {
  return typistsIn(state.typing, 'g').map(({ userId }) => userId)
}

describe(rule('T2', 'somebody who writes'), () => {
  it('is forgotten after 10 s without another word', () => {
    const state = reduce(empty, types('bob'), types('cara', true, now + 3_000))
    expect(nextExpiry(state.typing)).toBe(now + typingHoldsMs)
    const later = reduce(state, { type: 'typingExpired', now: now + typingHoldsMs })
    expect(typists(later)).toEqual(['cara'])
    expect(typists(reduce(later, { type: 'typingExpired', now: now + 13_000 }))).toEqual([])
  })

  it('is kept by going on, in the same place', () => {
    const state = reduce(empty, types('bob'), types('cara'), types('bob', true, now + 5_000))
    expect(typists(reduce(state, { type: 'typingExpired', now: now + 14_000 }))).toEqual(['bob'])
    expect(typists(state)).toEqual(['bob', 'cara'])
  })

  it('is forgotten at once by ceasing', () => {
    expect(typists(reduce(empty, types('bob'), types('bob', false)))).toEqual([])
  })
})

describe(rule('T3', 'a message'), () => {
  const posted: ChatAction = {
    type: 'eventReceived',
    event: { type: 'messagePosted', conversationId: 'g', rev: 4, message: message(4, bob) },
  }

  it('ends the writing of its author, and of nobody else', () => {
    expect(typists(reduce(empty, types('bob'), types('cara'), posted))).toEqual(['cara'])
  })

  it('does so also while the list is being read', () => {
    expect(typists(reduce(empty, types('bob'), { type: 'readingBegan' }, posted))).toEqual([])
  })
})

describe(rule('T5', 'who writes, in words'), () => {
  const named = reduce(empty, {
    type: 'peopleFound',
    people: ['Bob', 'Cara', 'Dan', 'Eve'].map((name) => ({ userId: name.toLowerCase(), name })),
  })
  const said = (...userIds: string[]) => typingWords(reduce(named, ...userIds.map((id) => types(id))), 'g', english)

  it('names up to three people', () => {
    expect(said()).toBe('')
    expect(said('bob')).toBe('Bob is typing…')
    expect(said('bob', 'cara')).toBe('Bob and Cara are typing…')
    expect(said('bob', 'cara', 'dan')).toBe('Bob, Cara and Dan are typing…')
    expect(said('bob', 'cara', 'dan', 'eve')).toBe('Several people are typing…')
  })

  it('never names me', () => {
    expect(said('ann')).toBe('')
    expect(said('ann', 'bob')).toBe('Bob is typing…')
  })
})
