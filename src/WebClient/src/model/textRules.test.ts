import { describe, expect, it } from 'vitest'
import { rule } from '../testing/rule'
import { defaultLimits } from './chatState'
import { countScalars, isBlank, textFill } from './textRules'

describe(rule('M6', 'the length of a text'), () => {
  it('is counted in Unicode scalars of its normal form', () => {
    expect(countScalars('a😀é')).toBe(3)
    expect(countScalars('e\u0301')).toBe(1)
  })

  it('is told from 90 % on', () => {
    expect(textFill('a'.repeat(8_999), defaultLimits)).toBeUndefined()
    expect(textFill('a'.repeat(9_000), defaultLimits)).toEqual({ left: 1_000, tooLong: false })
    expect(textFill('a'.repeat(10_000), defaultLimits)).toEqual({ left: 0, tooLong: false })
    expect(textFill('a'.repeat(10_001), defaultLimits)).toEqual({ left: -1, tooLong: true })
  })

  it('counts what is two units as one', () => {
    expect(textFill('😀'.repeat(8_999), defaultLimits)).toBeUndefined()
    expect(textFill('😀'.repeat(10_000), defaultLimits)).toEqual({ left: 0, tooLong: false })
  })

  it('sees white space for what it is', () => {
    expect(isBlank(' \n\t\u00a0')).toBe(true)
    expect(isBlank(' x ')).toBe(false)
  })
})
