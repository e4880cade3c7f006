import { describe, expect, it } from 'vitest'
import { titleProblem } from './groupTitle'

describe('a group’s name', () => {
  it.each([
    ['Printers', undefined],
    ['  ', 'empty'],
    ['🖨'.repeat(64), undefined],
    ['🖨'.repeat(65), 'tooLong'],
    [`  ${'x'.repeat(64)}  `, undefined],
    ['a\u0007b', 'control'],
  ])('%j', (title, problem) => {
    expect(titleProblem(title)).toBe(problem)
  })
})
