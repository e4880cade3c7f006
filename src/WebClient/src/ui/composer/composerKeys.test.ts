import { describe, expect, it } from 'vitest'
import { rule } from '../../testing/rule'
import { sendsMessage } from './composerKeys'

const enter = { key: 'Enter', shiftKey: false, isComposing: false, keyCode: 13 }

describe(rule('W2', 'Enter'), () => {
  it.each([
    ['sends', enter, true],
    ['with Shift breaks the line', { ...enter, shiftKey: true }, false],
    ['belongs to the input method while it composes', { ...enter, isComposing: true }, false],
    ['belongs to the input method where only key code 229 says so', { ...enter, keyCode: 229 }, false],
    ['is the only key that sends', { ...enter, key: 'a', keyCode: 65 }, false],
  ])('%s', (_, press, sends) => {
    expect(sendsMessage(press)).toBe(sends)
  })
})
