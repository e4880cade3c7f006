import { expect, it } from 'vitest'
import { routeBaseOf } from './routeBase'

it.each([
  ['/', ''],
  ['/embed', ''],
  ['/embed/', ''],
  ['/embedded/acme', ''],
  ['/x/embed/acme', ''],
  ['/embed/acme', '/embed/acme'],
  ['/embed/acme/', '/embed/acme'],
  ['/embed/a%2Fb/some/page', '/embed/a%2Fb'],
])('the routes for %s are below “%s”', (pathname, base) => {
  expect(routeBaseOf(pathname)).toBe(base)
})
