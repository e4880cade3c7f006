import { type DraftContent, mergeDraft, noDraft, sameDraft } from '../model/drafts'
import type { Draft, ServerEvent } from '../protocol/wire'
import type { Calls, Feature } from './calls'
import type { Clock } from './clock'
import { Deadline } from './deadline'

/** So long without a key before the server is told. */
export const draftIdleMs = 1_000

/** The drafts of this machine, as the synchronisation needs them. */
export interface LocalDrafts {
  of(conversationId: string): DraftContent
  /** Those with a text. */
  readonly ids: Iterable<string>
  /** What comes from the server: shown here, and not sent back. */
  take(conversationId: string, draft: DraftContent): void
  /** The server has it, or something else: that is to be remembered with it. */
  confirmed(conversationId: string): void
  /** Two texts became one. */
  joined(conversationId: string): void
}

/** The server's draft as it was last seen. `content` is undefined when only its version is known. */
type Seen = { version: number; content: DraftContent | undefined }

const nothingSeen: Seen = { version: 0, content: noDraft }

/** Carries drafts between this machine and the server, which has them for all devices; no text of either is lost (W3). */
export class DraftSync implements Feature {
  readonly #local: LocalDrafts
  readonly #calls: Calls
  readonly #clock: Clock
  readonly #seen = new Map<string, Seen>()
  /** When each is sent that waits for it. */
  readonly #due = new Map<string, Deadline>()
  /** What was last sent: when it comes back it is mine, even if its answer was lost. */
  readonly #sent = new Map<string, DraftContent>()
  readonly #sending = new Set<string>()
  /** Another tab writes it; that tab saves it, too. */
  readonly #elsewhere = new Set<string>()
  #running = false

  constructor(local: LocalDrafts, calls: Calls, clock: Clock) {
    this.#local = local
    this.#calls = calls
    this.#clock = clock
  }

  /** As it came from disk. */
  restore(conversationId: string, version: number, content: DraftContent | undefined): void {
    this.#seen.set(conversationId, { version, content })
  }

  seen(conversationId: string): Seen {
    return this.#seen.get(conversationId) ?? nothingSeen
  }

  isClean(conversationId: string): boolean {
    const { content } = this.seen(conversationId)
    return content !== undefined && sameDraft(content, this.#local.of(conversationId))
  }

  /** Written here. What was emptied or sent is gone elsewhere at once. */
  changed(conversationId: string): void {
    this.#elsewhere.delete(conversationId)
    this.#sendAfter(conversationId, this.#local.of(conversationId).text === '' ? 0 : draftIdleMs)
  }

  /** Written in another tab of this browser. */
  changedElsewhere(conversationId: string): void {
    this.#elsewhere.add(conversationId)
    this.#due.get(conversationId)?.clear()
  }

  /** The page is hidden, and may never come back. */
  flush(): void {
    for (const [conversationId, due] of this.#due) {
      if (!due.isSet) continue
      due.clear()
      void this.#send(conversationId)
    }
  }

  synchronised(): void {
    this.#running = true
    // The tab that wrote may be gone; two that save the same text do no harm.
    this.#elsewhere.clear()
    void this.#read()
  }

  lost(): void {
    this.#running = false
    for (const due of this.#due.values()) due.clear()
    this.#due.clear()
  }

  received(event: ServerEvent): void {
    if (event.type === 'draftChanged') this.#merge(event.conversationId, event.draft)
  }

  stop(): void {
    this.lost()
  }

  async #read(): Promise<void> {
    const before = new Map(this.#seen)
    const answer = await this.#calls.read('Drafts', {})
    if (answer !== undefined) {
      const listed = new Set(answer.drafts.map((draft) => draft.conversationId))
      for (const draft of answer.drafts) this.#merge(draft.conversationId, draft)
      // What is listed no more was sent or emptied elsewhere; an event may have said something newer meanwhile.
      for (const [conversationId, seen] of before) {
        if (listed.has(conversationId) || this.#seen.get(conversationId) !== seen || seen.version === 0) continue
        this.#mergeContent(conversationId, { version: 0, content: noDraft })
      }
    }
    for (const conversationId of new Set([...this.#local.ids, ...this.#seen.keys()])) {
      if (!this.isClean(conversationId)) void this.#send(conversationId)
    }
  }

  #merge(conversationId: string, { version, text, replyTo }: Draft): void {
    if (version <= this.seen(conversationId).version) return
    this.#mergeContent(conversationId, { version, content: { text, replyTo } })
  }

  #mergeContent(conversationId: string, theirs: { version: number; content: DraftContent }): void {
    const before = this.seen(conversationId).content
    const mine = this.#local.of(conversationId)
    this.#seen.set(conversationId, theirs)
    if (this.#elsewhere.has(conversationId)) return
    const sent = this.#sent.get(conversationId)
    // What was sent from here comes back; what stands here is newer.
    const own = sent !== undefined && sameDraft(sent, theirs.content)
    if (!own) {
      const { draft, both } = mergeDraft(mine, before, theirs.content)
      if (!sameDraft(draft, mine)) this.#local.take(conversationId, draft)
      if (both) this.#local.joined(conversationId)
      if (!sameDraft(draft, theirs.content)) this.#sendAfter(conversationId, draftIdleMs)
    }
    this.#local.confirmed(conversationId)
  }

  #sendAfter(conversationId: string, delayMs: number): void {
    if (!this.#running) return
    let due = this.#due.get(conversationId)
    if (due === undefined) {
      due = new Deadline(this.#clock, () => void this.#send(conversationId))
      this.#due.set(conversationId, due)
    }
    due.set(delayMs)
  }

  async #send(conversationId: string): Promise<void> {
    if (!this.#running || this.#sending.has(conversationId) || this.#elsewhere.has(conversationId)) return
    if (this.isClean(conversationId)) return
    const content = this.#local.of(conversationId)
    const { text, replyTo } = content
    const { version, content: before } = this.seen(conversationId)
    this.#sending.add(conversationId)
    this.#sent.set(conversationId, content)
    const answered = replyTo === undefined || text === '' ? {} : { replyTo }
    // Of an empty draft no version is remembered by anybody.
    const seenVersion = before?.text === '' ? 0 : version
    const answer = await this.#calls.ask('SaveDraft', { conversationId, text, version: seenVersion, ...answered })
    this.#sending.delete(conversationId)
    if (answer.ok) {
      this.#merge(conversationId, answer.draft)
      this.#sent.delete(conversationId)
    } else {
      const { code, draft, retryAfterMs } = answer.error
      if (code === 'versionStale' && draft !== undefined) {
        // What stands is not what was sent, though the texts may be equal by chance.
        this.#sent.delete(conversationId)
        this.#mergeContent(conversationId, { version: draft.version, content: { text: draft.text, replyTo: draft.replyTo } })
        this.#sendAfter(conversationId, 0)
        return
      }
      if (retryAfterMs !== undefined || code === 'timeout') this.#sendAfter(conversationId, Math.max(retryAfterMs ?? 0, draftIdleMs))
      // Else it stays on this machine: refused for good, or the connection is lost and it is sent after the next one.
      return
    }
    // Written on meanwhile, with the timer come and gone.
    if (!this.isClean(conversationId) && this.#due.get(conversationId)?.isSet !== true) this.#sendAfter(conversationId, draftIdleMs)
  }
}
