import { Children, isValidElement, type ReactNode } from 'react'
import { describe, expect, it } from 'vitest'
import { group } from '../../testing/samples'
import { DetailsParts } from './detailsPane'

/** What React tells the parts by: where a key comes again, so does what was typed or asked there. */
function keysOf(id: string, title: string): (string | null)[] {
  const { unread, ...summary } = group(id, 1, { title })
  const { children } = DetailsParts({ conversation: { id, knownRev: 1, recent: [], summary, unread }, summary }).props as { children: ReactNode }
  return Children.toArray(children).filter(isValidElement).map(({ key }) => key)
}

describe('the details of a group', () => {
  it('share nothing that was begun with another group of the same name', () => {
    const [one, other] = [keysOf('g', 'Desk'), keysOf('h', 'Desk')]
    expect(one).toHaveLength(4)
    expect(one.filter((key) => other.includes(key))).toEqual([])
  })

  it('have one field for one name: a new name is what stands there', () => {
    expect(keysOf('g', 'Desk')).toEqual(keysOf('g', 'Desk'))
    expect(keysOf('g', 'Desk')[0]).not.toBe(keysOf('g', 'Office')[0])
    expect(keysOf('g', 'Desk').slice(1)).toEqual(keysOf('g', 'Office').slice(1))
  })
})
