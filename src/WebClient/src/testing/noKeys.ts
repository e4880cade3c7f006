import type { WritingKeys } from '../net/shownState'

/** Nobody writes. */
export const noKeys: WritingKeys = { lastKeyAt: () => -Infinity, subscribe: () => () => undefined }
