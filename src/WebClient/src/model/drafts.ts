import { isBlank } from './textRules'

/**
 * Texts that were begun and not sent, as they would be sent: mentions are tokens. By conversation; of a message being
 * edited by `editKey`, so that neither takes the place of the other.
 */
export type Drafts = ReadonlyMap<string, string>

/** Whether something waits to be sent in this conversation: the list's pencil. */
export function hasDraft(state: { drafts: Drafts }, conversationId: string): boolean {
  const text = state.drafts.get(conversationId)
  return text !== undefined && !isBlank(text)
}

/** Where the new text of a message being edited is kept. No conversation's id has a line break. */
export function editKey(conversationId: string, seq: number): string {
  return `${conversationId}\n${seq}`
}

export function isEditKey(key: string): boolean {
  return key.includes('\n')
}

export function withDraft(drafts: Drafts, key: string, text: string): Drafts {
  if ((drafts.get(key) ?? '') === text) return drafts
  const next = new Map(drafts)
  if (text === '') next.delete(key)
  else next.set(key, text)
  return next
}

/** What comes back from disk: what is there already was written since. */
export function restoreDrafts(drafts: Drafts, stored: Drafts): Drafts {
  return stored.size === 0 ? drafts : new Map([...stored, ...drafts])
}

const between = '\n\n---\n\n'

/** Two texts for one place: both stay, the other one below a line, unless one holds the other. */
export function joinDrafts(mine: string, other: string): string {
  if (isBlank(other) || mine.includes(other.trim())) return mine
  if (isBlank(mine) || other.includes(mine.trim())) return other
  return `${mine.trimEnd()}${between}${other.trimStart()}`
}
