import { expect, it } from 'vitest'
import { PageStorage, storageOf } from './browserStorage'

it('is the browser’s storage, or the page’s own where the browser denies it', () => {
  const localStorage = new PageStorage()
  expect(storageOf({ localStorage })).toBe(localStorage)

  const denied = storageOf({
    get localStorage(): never {
      throw new Error('Access is denied for this document.')
    },
  })
  denied.setItem('a', '1')
  denied.setItem('b', '2')
  denied.setItem('a', '3')
  denied.removeItem('b')
  expect([denied.length, denied.key(0), denied.key(1), denied.getItem('a'), denied.getItem('b')]).toEqual([1, 'a', null, '3', null])
})
