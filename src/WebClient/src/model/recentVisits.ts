import type { Visit } from './chatState'

/** Conversations that stay on the page: the open one and those that were open before it. Each has a few dozen rows (see `asleepRows`). */
export const recentMax = 6

export type RecentVisit = { visit: Visit; usedAt: number }

/**
 * The visits to keep when this is the newest: one of each conversation. Their order stays, as an element that is moved loses
 * its place; the one that was not used longest goes.
 */
export function keepRecent(recent: readonly RecentVisit[], visit: Visit): readonly RecentVisit[] {
  const newest = { visit, usedAt: Math.max(0, ...recent.map(({ usedAt }) => usedAt)) + 1 }
  if (recent.some((kept) => kept.visit.id === visit.id)) return recent.map((kept) => (kept.visit.id === visit.id ? newest : kept))
  const all = [...recent, newest]
  const oldest = Math.min(...all.map(({ usedAt }) => usedAt))
  return all.length > recentMax ? all.filter(({ usedAt }) => usedAt !== oldest) : all
}
