import type { Settings } from '../settings/settings'
import type { Format } from './formatting'

/** The part of a keyboard event that decides what a key does. */
export type KeyPress = {
  key: string
  shiftKey: boolean
  /** Ctrl, or the Mac's command key. */
  ctrlKey: boolean
  altKey: boolean
  isComposing: boolean
  keyCode: number
}

/** 229: the key belongs to an input method; some browsers say so only this way. */
const inputMethodKeyCode = 229

/** While an input method composes, every key is the input method's: Enter, arrows and Esc choose among its words (W2). */
export function isInputMethods({ isComposing, keyCode }: Pick<KeyPress, 'isComposing' | 'keyCode'>): boolean {
  return isComposing || keyCode === inputMethodKeyCode
}

/** Enter sends and breaks the line with Shift; or Ctrl+Enter sends, as somebody chose. Ctrl+Enter sends either way. */
export function sendsMessage(press: KeyPress, sendWith: Settings['sendWith']): boolean {
  if (press.key !== 'Enter' || press.shiftKey || press.altKey || isInputMethods(press)) return false
  return sendWith === 'enter' || press.ctrlKey
}

/** The formats that have a key. */
export function formatOf(press: KeyPress): Format | undefined {
  if (!press.ctrlKey || press.altKey || isInputMethods(press)) return undefined
  const key = press.key.toLowerCase()
  if (press.shiftKey) return key === 'c' ? 'code' : key === 'x' ? 'strike' : undefined
  return key === 'b' ? 'bold' : key === 'i' ? 'italic' : undefined
}
