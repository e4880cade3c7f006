import type { Limits } from '../protocol/wire'

/** How full the composer is; `undefined` while there is nothing to say about it. */
export type TextFill = { left: number; tooLong: boolean }

const countFrom = 0.9

/** As the server counts: Unicode scalars of the normalised text, not UTF-16 units. */
export function countScalars(text: string): number {
  return Array.from(text.normalize('NFC')).length
}

export function textFill(text: string, limits: Limits): TextFill | undefined {
  // A text has at least half as many scalars as units: the usual short ones are not counted at every key.
  if (text.length < limits.textScalarsMax * 0.2) return undefined
  const scalars = countScalars(text)
  const bytes = new TextEncoder().encode(text.normalize('NFC')).length
  const left = Math.min(limits.textScalarsMax - scalars, Math.floor((limits.textBytesMax - bytes) / 4))
  const tooLong = scalars > limits.textScalarsMax || bytes > limits.textBytesMax
  const full = scalars >= limits.textScalarsMax * countFrom || bytes >= limits.textBytesMax * countFrom
  return full ? { left: tooLong ? Math.min(left, -1) : left, tooLong } : undefined
}

export function isBlank(text: string): boolean {
  return text.trim() === ''
}
