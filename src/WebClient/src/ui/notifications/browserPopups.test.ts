import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { initialChatState } from '../../model/chatState'
import { Store } from '../../model/store'
import { english } from '../../i18n/words'
import { rule } from '../../testing/rule'
import { ann, group, message } from '../../testing/samples'
import { defaultSettings } from '../settings/settings'
import { BrowserPopups } from './browserPopups'

let shown: string[]

beforeEach(() => {
  shown = []
  class Recorded {
    static readonly permission = 'granted'
    constructor(title: string, { body }: { body: string }) {
      shown.push(`${title} | ${body}`)
    }

    close(): void {
      shown = []
    }
  }
  vi.stubGlobal('window', { Notification: Recorded })
  vi.stubGlobal('Notification', Recorded)
})

afterEach(() => {
  vi.unstubAllGlobals()
})

it(rule('W15', 'a popup of a group says who writes, and the text is read its own way'), () => {
  const store = new Store(initialChatState('demo', ann))
  store.dispatch({ type: 'listRead', conversations: [group('g', 1)], next: undefined, first: true })
  const settings = { ...defaultSettings, popups: true, sound: 'none' as const }
  const popups = new BrowserPopups(() => ({ state: store.get, settings: () => settings, words: () => english, open: () => undefined }))
  popups.show({ conversationId: 'g', seq: 2, message: message(2, ann, { text: 'مرحبا!' }) })
  expect(shown).toEqual(['Group g | Ann: \u2068مرحبا!\u2069'])
})
