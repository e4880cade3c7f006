import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { Avatar } from './avatar'

describe('an avatar', () => {
  it.each([
    ['Ann Bauer', 'AB'],
    ['Gwen O\'Neill', 'GO'],
    ['Ann Maria (on leave)', 'AL'],
    ['"Release" (light)', 'RL'],
    ['شحن', 'ش'],
    ['🎉 party', 'P'],
    ['🎉', '🎉'],
    [' ', '?'],
  ])('of %s says %s', (name, initials) => {
    expect(renderToStaticMarkup(<Avatar id="a" name={name} />)).toContain(`>${initials}</span>`)
  })
})
