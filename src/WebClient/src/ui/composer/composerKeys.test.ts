import { describe, expect, it } from 'vitest'
import { rule } from '../../testing/rule'
import { formatOf, type KeyPress, sendsMessage } from './composerKeys'

const enter: KeyPress = { key: 'Enter', shiftKey: false, ctrlKey: false, altKey: false, isComposing: false, keyCode: 13 }

describe(rule('W2', 'Enter'), () => {
  it.each([
    ['sends', enter, true],
    ['with Shift breaks the line', { ...enter, shiftKey: true }, false],
    ['with Ctrl sends too', { ...enter, ctrlKey: true }, true],
    ['belongs to the input method while it composes', { ...enter, isComposing: true }, false],
    ['belongs to the input method where only key code 229 says so', { ...enter, keyCode: 229 }, false],
    ['is the only key that sends', { ...enter, key: 'a', keyCode: 65 }, false],
  ])('%s', (_, press, sends) => {
    expect(sendsMessage(press, 'enter')).toBe(sends)
  })
})

describe(rule('W1', 'where Ctrl+Enter was chosen to send'), () => {
  it.each([
    ['Enter breaks the line', enter, false],
    ['Ctrl+Enter sends', { ...enter, ctrlKey: true }, true],
    ['an input method keeps its Enter', { ...enter, ctrlKey: true, isComposing: true }, false],
  ])('%s', (_, press, sends) => {
    expect(sendsMessage(press, 'ctrlEnter')).toBe(sends)
  })
})

describe(rule('W1', 'formats by key'), () => {
  const ctrl = { ...enter, ctrlKey: true, keyCode: 66 }
  it.each([
    ['Ctrl+B', { ...ctrl, key: 'b' }, 'bold'],
    ['Ctrl+I', { ...ctrl, key: 'i' }, 'italic'],
    ['Ctrl+Shift+C', { ...ctrl, key: 'C', shiftKey: true }, 'code'],
    ['Ctrl+Shift+X', { ...ctrl, key: 'X', shiftKey: true }, 'strike'],
    ['Ctrl+C copies', { ...ctrl, key: 'c' }, undefined],
    ['b is a letter', { ...ctrl, key: 'b', ctrlKey: false }, undefined],
    ['AltGr types what the keyboard has there', { ...ctrl, key: 'b', altKey: true }, undefined],
    ['an input method keeps its keys', { ...ctrl, key: 'b', isComposing: true }, undefined],
  ])('%s', (_, press, expected) => {
    expect(formatOf(press)).toBe(expected)
  })
})
