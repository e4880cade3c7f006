declare module 'virtual:emoji/signs' {
  /** Emoji, group, whether it takes skin tones, short names with spaces between. */
  export const signs: readonly (readonly [string, number, 0 | 1, string])[]
}

declare module 'virtual:emoji/*' {
  /** Name and keywords of each, with bars between, in the order of the signs. */
  export const words: readonly string[]
}
