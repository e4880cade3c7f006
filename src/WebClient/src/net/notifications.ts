import { changeMessage } from '../model/messageChanges'
import { notifyingReason, popupOutcome } from '../model/notificationRule'
import type { Store } from '../model/store'
import { messageAt } from '../model/timeline'
import type { Message, NotificationOutcome, NotificationReport, ServerEvent, Unread } from '../protocol/wire'
import type { Calls, Feature } from './calls'
import type { Clock } from './clock'
import type { Tabs } from './tabs'

/** A popup that is to be shown: where it leads and what it says. */
export type Popup = { conversationId: string; seq: number; message: Message }

/** What shows popups and makes sounds: the browser, or a test. */
export interface Popups {
  show(popup: Popup): void
  /** Of several messages at once: after do-not-disturb, or after an interruption. */
  showSummary(count: number): void
  /** Takes away what is shown of a conversation up to a message; undefined: of exactly one message. */
  close(popup: Pick<Popup, 'conversationId' | 'seq'>): void
}

/** More than these at once become one summary. */
const singlyMax = 3
const unknownMax = 50
/** A page that begins leads when the browser has given it the lead and it has told what it shows: what came just before is not lost. */
const leadsWithinMs = 5_000
const unledMax = 50
const reportEveryMs = 20_000
const reportedAtOnceMax = 50

/**
 * Decides which messages pop up on this machine, and says what became of each (N8, N9, N12). Only the leading tab shows
 * anything, by what all tabs show. While nobody may disturb, messages wait for one summary (N6).
 */
export class Notifications implements Feature {
  readonly #store: Store
  readonly #calls: Calls
  readonly #clock: Clock
  readonly #tabs: Tabs
  readonly #popups: Popups
  readonly #device: string
  /** Shown and not yet read, by conversation. */
  readonly #shown = new Map<string, Set<number>>()
  #held: Popup[] = []
  /** Of conversations that the client does not know yet: whether they notify is known when they are (the first message of all). */
  #unknown: Popup[] = []
  /** Came while no tab led. */
  #unled: { popup: Popup; since: number }[] = []
  #reports: NotificationReport[] = []
  #cancelReport: (() => void) | undefined
  #cancelDnd: (() => void) | undefined
  /** The last message of each conversation when the connection was lost: what came after it was missed. */
  #lastKnown: ReadonlyMap<string, number> | undefined
  /** It has been synchronised once. */
  #began = false

  constructor(store: Store, calls: Calls, clock: Clock, tabs: Tabs, popups: Popups, device: string) {
    this.#store = store
    this.#calls = calls
    this.#clock = clock
    this.#tabs = tabs
    this.#popups = popups
    this.#device = device
    tabs.whenLeading(() => {
      const unled = this.#unled
      this.#unled = []
      for (const { popup, since } of unled) if (this.#clock.now() - since < leadsWithinMs) this.#consider(popup)
    })
  }

  received(event: ServerEvent): void {
    switch (event.type) {
      case 'messagePosted':
        this.#consider({ conversationId: event.conversationId, seq: event.message.seq, message: event.message })
        break
      case 'messageEdited': {
        this.#changeWaiting(event)
        // Whoever an edit mentions anew is told now (M9).
        const { me } = this.#store.get()
        const { seq, mentions, mentionsBefore, authorId } = event.edited
        const added = mentions?.users.includes(me.userId) === true && mentionsBefore?.users.includes(me.userId) !== true
        const message = messageAt(this.#store.get().conversations.get(event.conversationId)?.timeline, seq)
        if (added && authorId !== me.userId && message !== undefined) {
          this.#consider({ conversationId: event.conversationId, seq, message: { ...message, text: event.edited.text, mentions } })
        }
        break
      }
      case 'messageDeleted':
        this.#forget(event.conversationId, (seq) => seq === event.deleted.seq)
        break
      case 'readCursorMoved':
      case 'notificationsChanged':
        this.#readUpTo(event.conversationId, event.unread)
        break
      case 'notifyNow': {
        const at = this.#held.findIndex((held) => held.conversationId === event.conversationId && held.seq === event.seq)
        const [popup] = at < 0 ? [] : this.#held.splice(at, 1)
        if (popup !== undefined && this.#tabs.leading) this.#show(popup)
        break
      }
      default:
        break
    }
  }

  moved(): void {
    this.#watchDnd()
    if (this.#unknown.length === 0) return
    const { conversations } = this.#store.get()
    const known = this.#unknown.filter((popup) => conversations.get(popup.conversationId)?.summary !== undefined)
    if (known.length === 0) return
    this.#unknown = this.#unknown.filter((popup) => !known.includes(popup))
    for (const popup of known) this.#consider(popup)
  }

  lost(): void {
    // What was there before the page was is no news.
    if (this.#began) this.#lastKnown ??= lastMessages(this.#store)
  }

  /** Tells of what was missed: the last message of each conversation, or one summary for many. */
  synchronised(): void {
    this.#began = true
    const before = this.#lastKnown
    this.#lastKnown = undefined
    if (before === undefined || !this.#tabs.leading) return
    const { conversations, me } = this.#store.get()
    const missed: Popup[] = []
    for (const conversation of conversations.values()) {
      const message = conversation.summary?.lastMessage
      if (message === undefined || message.seq <= (before.get(conversation.id) ?? 0)) continue
      if (message.seq <= (conversation.unread?.readSeq ?? 0)) continue
      if (notifyingReason(message, conversation, me.userId, this.#clock.now()) === undefined) continue
      missed.push({ conversationId: conversation.id, seq: message.seq, message })
    }
    if (missed.length > singlyMax && !this.#doNotDisturb()) this.#popups.showSummary(missed.length)
    else for (const popup of missed) this.#consider(popup)
  }

  stop(): void {
    this.#cancelReport?.()
    this.#cancelDnd?.()
  }

  #consider(popup: Popup): void {
    const now = this.#clock.now()
    if (!this.#tabs.leading) {
      if (this.#tabs.leaderless) this.#unled = [...this.#unled, { popup, since: now }].slice(-unledMax)
      return
    }
    const { conversations, me } = this.#store.get()
    const conversation = conversations.get(popup.conversationId)
    if (conversation?.summary === undefined) {
      this.#unknown = [...this.#unknown, popup].slice(-unknownMax)
      return
    }
    if (notifyingReason(popup.message, conversation, me.userId, now) === undefined) return
    const outcome = popupOutcome(popup.conversationId, this.#tabs.attentions, this.#doNotDisturb(), now)
    switch (outcome) {
      case 'shown':
        this.#show(popup)
        break
      case 'heldByDnd':
        this.#held.push(popup)
        this.#report(popup, outcome)
        break
      case 'heldByFocus':
        this.#report(popup, outcome)
    }
  }

  #show(popup: Popup): void {
    const shown = this.#shown.get(popup.conversationId) ?? new Set()
    if (shown.has(popup.seq)) return
    shown.add(popup.seq)
    this.#shown.set(popup.conversationId, shown)
    this.#popups.show(popup)
    this.#report(popup, 'shown')
  }

  #doNotDisturb(): boolean {
    const { status } = this.#store.get()
    return status?.status === 'dnd' && (status.until === undefined || Date.parse(status.until) > this.#clock.now())
  }

  /** When nobody disturbs any more, what waited is told at once. */
  #watchDnd(): void {
    if (this.#held.length === 0) return
    this.#cancelDnd?.()
    this.#cancelDnd = undefined
    if (this.#doNotDisturb()) {
      const until = this.#store.get().status?.until
      if (until === undefined) return
      this.#cancelDnd = this.#clock.after(Date.parse(until) - this.#clock.now(), () => {
        this.#watchDnd()
      })
      return
    }
    const held = this.#held.splice(0)
    if (!this.#tabs.leading) return
    const [only] = held
    if (held.length === 1 && only !== undefined) this.#show(only)
    else this.#popups.showSummary(held.length)
  }

  /** Read anywhere is read everywhere: popups of it go (U10). */
  #readUpTo(conversationId: string, { readSeq }: Unread): void {
    this.#forget(conversationId, (seq) => seq <= readSeq)
  }

  #forget(conversationId: string, which: (seq: number) => boolean): void {
    for (const seq of [...(this.#shown.get(conversationId) ?? [])]) {
      if (!which(seq)) continue
      this.#shown.get(conversationId)?.delete(seq)
      this.#popups.close({ conversationId, seq })
      this.#report({ conversationId, seq }, 'closed')
    }
    const waitsOn = (popup: Popup) => popup.conversationId !== conversationId || !which(popup.seq)
    this.#unled = this.#unled.filter(({ popup }) => waitsOn(popup))
    this.#unknown = this.#unknown.filter(waitsOn)
    this.#held = this.#held.filter(waitsOn)
  }

  /** What waits is told as it stands then. */
  #changeWaiting(event: Extract<ServerEvent, { type: 'messageEdited' }>): void {
    const { me } = this.#store.get()
    const change = (popup: Popup): Popup =>
      popup.conversationId === event.conversationId ? { ...popup, message: changeMessage(popup.message, event, me.userId) } : popup
    this.#unled = this.#unled.map(({ popup, since }) => ({ popup: change(popup), since }))
    this.#unknown = this.#unknown.map(change)
    this.#held = this.#held.map(change)
  }

  #report({ conversationId, seq }: Pick<Popup, 'conversationId' | 'seq'>, outcome: NotificationOutcome): void {
    this.#reports.push({ conversationId, seq, outcome, at: new Date(this.#clock.now()).toISOString() })
    this.#cancelReport ??= this.#clock.after(reportEveryMs, () => {
      this.#cancelReport = undefined
      void this.#sendReports()
    })
  }

  async #sendReports(): Promise<void> {
    const items = this.#reports.splice(0, reportedAtOnceMax)
    const answer = await this.#calls.ask('ReportNotifications', { device: this.#device, items })
    // What could not be told is not worth a second try once the server has refused it.
    if (!answer.ok && answer.error.code === 'unavailable') this.#reports = [...items, ...this.#reports].slice(-reportedAtOnceMax)
    if (this.#reports.length > 0) {
      this.#cancelReport ??= this.#clock.after(reportEveryMs, () => {
        this.#cancelReport = undefined
        void this.#sendReports()
      })
    }
  }
}

function lastMessages(store: Store): ReadonlyMap<string, number> {
  const last = new Map<string, number>()
  for (const { id, summary } of store.get().conversations.values()) last.set(id, summary?.lastMessage?.seq ?? 0)
  return last
}
