/** The part of a keyboard event that decides what Enter does. */
export type KeyPress = { key: string; shiftKey: boolean; isComposing: boolean; keyCode: number }

/** 229: the key belongs to an input method; some browsers say so only this way. */
const inputMethodKeyCode = 229

/** Enter sends, with Shift it breaks the line. While an input method composes, Enter is the input method's. */
export function sendsMessage({ key, shiftKey, isComposing, keyCode }: KeyPress): boolean {
  return key === 'Enter' && !shiftKey && !isComposing && keyCode !== inputMethodKeyCode
}
