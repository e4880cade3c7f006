import { totalsOf } from '../model/totals'
import { browserSurroundings } from '../net/browser'
import type { ChatClient } from '../net/chatClient'
import { systemClock } from '../net/clock'
import type { Surroundings } from '../net/connection'
import { routeBase } from '../net/routeBase'
import { readSession, type SignedIn, signOut } from '../net/sessionApi'
import { PanelFrame, type PanelChat } from './frame'

/** Begins to listen to the page around, at once: that greets as soon as this one is loaded. Undefined on the chat's own page. */
export function startPanel(page: Window): PanelFrame | undefined {
  if (routeBase === '') return undefined
  return new PanelFrame({
    clock: systemClock,
    parent: page.parent === page ? undefined : page.parent,
    onMessage: (listener) => {
      page.addEventListener('message', listener)
    },
    readFrameOrigins,
    exchange,
    readSession,
    signOut,
  })
}

/** A panel's connection outlives its session: the host has a new token. */
export function panelSurroundings(panel: PanelFrame, who: SignedIn): Surroundings {
  return { ...browserSurroundings, isSignedIn: () => panel.isStill(who), renewsSession: true }
}

/** The running chat, for the page around it. */
export function panelChat(client: Pick<ChatClient, 'store'>, open: (conversationId: string) => void, leave: () => void): PanelChat {
  const unread = () => totalsOf(client.store.get().conversations, systemClock.now())
  return { unread, subscribe: client.store.subscribe, open, leave }
}

async function readFrameOrigins(): Promise<readonly string[] | undefined> {
  try {
    const response = await fetch(`${routeBase}/api/embedding`, { cache: 'no-store' })
    return response.ok ? ((await response.json()) as { frameOrigins: string[] }).frameOrigins : undefined
  } catch {
    return undefined
  }
}

async function exchange(token: string): Promise<'done' | 'refused' | 'unavailable'> {
  try {
    const response = await fetch(`${routeBase}/api/session`, { method: 'POST', headers: { Authorization: `Bearer ${token}` } })
    if (response.ok) return 'done'
    return response.status === 401 || response.status === 403 ? 'refused' : 'unavailable'
  } catch {
    return 'unavailable' // Nobody answered, or the token has a character that no header may have.
  }
}
