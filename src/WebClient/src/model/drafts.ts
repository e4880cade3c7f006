import type { Change } from '../protocol/wire'
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

/** Whose message is edited: the conversation of an `editKey`. */
export function editedIn(key: string): string {
  return key.slice(0, key.indexOf('\n'))
}

export function withDraft(drafts: Drafts, key: string, text: string): Drafts {
  if ((drafts.get(key) ?? '') === text) return drafts
  const next = new Map(drafts)
  if (text === '') next.delete(key)
  else next.set(key, text)
  return next
}

/** What was written for a message that is deleted goes into the next one: it would be found nowhere else any more. */
export function rescueEdit(drafts: Drafts, conversationId: string, change: Change): Drafts {
  if (change.type !== 'messageDeleted') return drafts
  const key = editKey(conversationId, change.deleted.seq)
  const written = drafts.get(key)
  if (written === undefined) return drafts
  return withDraft(withDraft(drafts, key, ''), conversationId, joinDrafts(drafts.get(conversationId) ?? '', written))
}

/** What comes back from disk: what is there already was written since. */
export function restoreDrafts(drafts: Drafts, stored: Drafts): Drafts {
  return stored.size === 0 ? drafts : new Map([...stored, ...drafts])
}

/** A draft in one place: on this machine, or on the server. */
export type DraftContent = { text: string; replyTo?: number | undefined }

export const noDraft: DraftContent = { text: '' }

/** As the server compares: normalised, and white space is nothing. */
export function sameDraft(a: DraftContent, b: DraftContent): boolean {
  const [one, two] = [plain(a), plain(b)]
  return one === two && (one === '' || a.replyTo === b.replyTo)
}

function plain({ text }: DraftContent): string {
  return isBlank(text) ? '' : text.normalize('NFC')
}

/**
 * What becomes of a draft that the server has another text for. `seen`: what was last known to be the same in both
 * places; undefined when nobody knows. `both`: two texts became one.
 */
export function mergeDraft(
  mine: DraftContent,
  seen: DraftContent | undefined,
  theirs: DraftContent,
): { draft: DraftContent; both: boolean } {
  if (sameDraft(mine, theirs)) return { draft: mine, both: false }
  if (seen !== undefined && sameDraft(mine, seen)) return { draft: theirs, both: false }
  const text = joinDrafts(mine.text, theirs.text)
  const replyTo = mine.replyTo ?? theirs.replyTo
  return { draft: { text, replyTo }, both: text !== mine.text && text !== theirs.text }
}

const between = '\n\n---\n\n'

/** Two texts for one place: both stay, the other one below a line, unless one holds the other. */
export function joinDrafts(mine: string, other: string): string {
  if (isBlank(other) || mine.includes(other.trim())) return mine
  if (isBlank(mine) || other.includes(mine.trim())) return other
  return `${mine.trimEnd()}${between}${other.trimStart()}`
}
