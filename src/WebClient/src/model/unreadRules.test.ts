import { describe, expect, it } from 'vitest'
import golden from '../../../../test/golden/unread-rules.json'
import type { ConversationKind, Unread } from '../protocol/wire'
import { rule } from '../testing/rule'
import { applyChanges, chooseUnread, type CountedChange } from './unreadRules'

type Vectors = {
  apply: {
    name: string
    me: string
    kind: ConversationKind
    basis: Unread
    changes: CountedChange[]
    expected: Unread | null
  }[]
  choose: { name: string; a: Unread; b: Unread; expected: 'a' | 'b' }[]
}

const vectors = golden as Vectors

describe(rule('U4', 'applyChanges'), () => {
  it.each(vectors.apply)('$name', ({ me, kind, basis, changes, expected }) => {
    expect(applyChanges(basis, changes, me, kind)).toEqual(expected)
  })
})

describe(rule('U4', 'chooseUnread'), () => {
  it.each(vectors.choose)('$name', ({ a, b, expected }) => {
    expect(chooseUnread(a, b)).toBe(expected === 'a' ? a : b)
  })
})
