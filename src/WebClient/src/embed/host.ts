import { readFrameMessage, toPosted, type HostMessage, type SignInProblem, type UnreadCounts } from './messages'

/** How the helpdesk's page wants its panel (docs/embedding.md). */
export type PanelOptions = {
  /** The helpdesk's customer, as tokens name it. */
  tenant: string
  /** A token for who is signed in at the helpdesk; asked for at the beginning and whenever the session has ended. */
  token: () => Promise<string>
  /** Where the chat is; by default, where this script came from. */
  origin?: string
  /** What the frame is called, for those who do not see it. */
  title?: string
  onUnread?: (counts: UnreadCounts) => void
  /** The panel cannot be used: why. It says so itself, too. */
  onSignInFailed?: (reason: SignInProblem) => void
}

export interface Panel {
  /** What is unread now. */
  readonly unread: UnreadCounts
  /** Calls back with what is unread now, and whenever that changes; the answer ends it. */
  onUnread(listener: (counts: UnreadCounts) => void): () => void
  open(conversationId: string): void
  /** Ends the chat's session in this browser. Call it when the person signs out of the helpdesk. */
  signOut(): Promise<void>
  /** Takes the panel off the page; the session stays. */
  unmount(): void
}

/** The part of the browser that is needed. */
export type HostPage = Pick<Window, 'addEventListener' | 'removeEventListener' | 'setTimeout' | 'clearTimeout'> & {
  document: Pick<Document, 'createElement'>
}

/** So long a frame may take to say that it has signed out. */
const signOutWithinMs = 5_000

/**
 * Shows the chat in a frame, hands the token over, and says how much is unread. It trusts the frame as far as its window and its
 * origin are the chat's, and posts to that origin alone.
 */
export function mountAt(page: HostPage, origin: string, element: Pick<Element, 'append'>, options: PanelOptions): Panel {
  const frame = page.document.createElement('iframe')
  frame.src = `${origin}/embed/${encodeURIComponent(options.tenant)}`
  frame.title = options.title ?? 'Chat'
  frame.referrerPolicy = 'no-referrer'
  // It may not take the page around it elsewhere. What it opens in a new tab is free of this.
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-modals allow-downloads allow-popups allow-popups-to-escape-sandbox')
  frame.allow = 'clipboard-write'
  Object.assign(frame.style, { display: 'block', width: '100%', height: '100%', border: '0' })

  const listeners = new Set<(counts: UnreadCounts) => void>()
  const signedOut = new Set<() => void>()
  if (options.onUnread !== undefined) listeners.add(options.onUnread)
  let unread: UnreadCounts = { mentions: 0, unread: 0 }
  /** Waits for the frame to listen. */
  let wanted: string | undefined
  let listens = false

  const post = (message: HostMessage) => {
    frame.contentWindow?.postMessage(toPosted(message), origin)
  }

  const handToken = () => {
    // Also what the helpdesk throws at once, and what is no promise.
    Promise.resolve()
      .then(options.token)
      .then(
        (token) => {
          post({ type: 'token', token })
        },
        () => {
          post({ type: 'noToken' })
        },
      )
  }

  const receive = (event: MessageEvent) => {
    if (event.source === null || event.source !== frame.contentWindow || event.origin !== origin) return
    const message = readFrameMessage(event.data)
    switch (message?.type) {
      case 'tokenNeeded':
        listens = true
        handToken()
        break
      case 'signedIn':
        if (wanted !== undefined) post({ type: 'open', conversationId: wanted })
        wanted = undefined
        break
      case 'signInFailed':
        options.onSignInFailed?.(message.reason)
        break
      case 'unread':
        unread = { mentions: message.mentions, unread: message.unread }
        for (const listener of [...listeners]) listener(unread)
        break
      case 'signedOut':
        for (const done of [...signedOut]) done()
        break
      case undefined:
        break
    }
  }

  // With every load: who reloads the frame begins anew.
  const greet = () => {
    post({ type: 'hello' })
  }

  page.addEventListener('message', receive)
  frame.addEventListener('load', greet)
  element.append(frame)

  return {
    get unread() {
      return unread
    },
    onUnread(listener) {
      listeners.add(listener)
      listener(unread)
      return () => {
        listeners.delete(listener)
      }
    },
    open(conversationId) {
      if (listens) post({ type: 'open', conversationId })
      else wanted = conversationId
    },
    signOut() {
      return new Promise((resolve) => {
        const done = () => {
          signedOut.delete(done)
          page.clearTimeout(timer)
          resolve()
        }
        const timer = page.setTimeout(done, signOutWithinMs)
        signedOut.add(done)
        post({ type: 'signOut' })
      })
    },
    unmount() {
      page.removeEventListener('message', receive)
      frame.removeEventListener('load', greet)
      frame.remove()
    },
  }
}
