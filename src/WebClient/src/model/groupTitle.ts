/** Longest name of a group, in Unicode scalars, as docs/protocol.md has it. */
export const titleScalarsMax = 64

export type TitleProblem = 'empty' | 'tooLong' | 'control'

/** What the server would refuse about a group's name; undefined when it takes it. */
export function titleProblem(title: string): TitleProblem | undefined {
  const trimmed = title.trim()
  if (trimmed === '') return 'empty'
  if (Array.from(trimmed).length > titleScalarsMax) return 'tooLong'
  return /\p{Cc}/u.test(trimmed) ? 'control' : undefined
}
