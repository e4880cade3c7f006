import { Isolated, type Words } from '../../i18n/words'
import type { ChatState } from '../../model/chatState'
import type { Popup, Popups } from '../../net/notifications'
import { conversationTitle } from '../conversations/titles'
import type { Settings } from '../settings/settings'
import { mentionText } from '../text/mentionText'
import { play } from './sounds'

/** What a popup is made from when it is shown: as it is then, not as it was when the page was opened. */
export type Surrounding = { state: () => ChatState; settings: () => Settings; words: () => Words; open: (id: string, seq: number) => void }

const icon = '/icon.png'
const textScalarsMax = 200

/** Desktop popups and their sound, as far as the browser and the person allow them. */
export class BrowserPopups implements Popups {
  readonly #surrounding: () => Surrounding | undefined
  readonly #open = new Map<string, Notification>()

  constructor(surrounding: () => Surrounding | undefined) {
    this.#surrounding = surrounding
  }

  show({ conversationId, seq, message }: Popup): void {
    const surrounding = this.#surrounding()
    if (surrounding === undefined) return
    const words = surrounding.words()
    const { conversations, names, me } = surrounding.state()
    const conversation = conversations.get(conversationId)
    const title = conversationTitle(conversation, me.userId, words)
    const said = Array.from(mentionText(message.text, names)).slice(0, textScalarsMax).join('')
    const body =
      message.kind === 'system'
        ? words.t('notifications.added', { name: message.author.name })
        : conversation?.summary?.kind === 'direct'
          ? said
          : words.t('conversations.other', { name: message.author.name, text: new Isolated(said) })
    this.#pop(keyOf(conversationId, seq), title, body, () => {
      surrounding.open(conversationId, seq)
    })
  }

  showSummary(count: number): void {
    const words = this.#surrounding()?.words()
    if (words === undefined) return
    this.#pop('summary', words.t('shell.title'), words.t('notifications.summary', { count }), () => undefined)
  }

  close({ conversationId, seq }: Pick<Popup, 'conversationId' | 'seq'>): void {
    this.#open.get(keyOf(conversationId, seq))?.close()
  }

  #pop(tag: string, title: string, body: string, onClick: () => void): void {
    const settings = this.#surrounding()?.settings()
    if (settings === undefined) return
    play(settings.sound)
    if (!settings.popups || !('Notification' in window) || Notification.permission !== 'granted') return
    // The tag lets the system replace rather than repeat; the sound is ours.
    const popup = new Notification(title, { body, tag, icon, silent: true })
    this.#open.set(tag, popup)
    popup.onclick = () => {
      window.focus()
      popup.close()
      onClick()
    }
    popup.onclose = () => {
      if (this.#open.get(tag) === popup) this.#open.delete(tag)
    }
  }
}

function keyOf(conversationId: string, seq: number): string {
  return `${conversationId} ${seq}`
}
