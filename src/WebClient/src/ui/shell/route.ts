import { createContext, useContext, useSyncExternalStore } from 'react'
import { isNarrow } from '../shared/narrow'

/** The pane beside the conversation. */
export type Pane = 'details' | 'mentions' | 'search'

/** What is shown, as the address says it: a link to it, "back" and a reload all show the same again. */
export type Route = {
  conversationId?: string
  /** A message of the conversation to go to. */
  seq?: number
  pane?: Pane
  /** What is searched for, with the pane `search`. */
  query?: string
}

const panes: readonly string[] = ['details', 'mentions', 'search'] satisfies Pane[]

/** `#/c/<id>/<seq>?pane=search&q=…`; what makes no sense is left out. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [kind, id, seqText] = path.split('/').map(decode)
  const values = new URLSearchParams(search)
  const route: Route = {}
  if (kind === 'c' && id !== undefined && id !== '') {
    route.conversationId = id
    const seq = Number(seqText)
    if (Number.isSafeInteger(seq) && seq >= 1) route.seq = seq
  }
  const pane = values.get('pane')
  if (pane !== null && panes.includes(pane)) route.pane = pane as Pane
  const query = values.get('q')
  if (route.pane === 'search' && query !== null && query !== '') route.query = query
  return route
}

export function formatRoute({ conversationId, seq, pane, query }: Route): string {
  const path = conversationId === undefined ? '' : `c/${encodeURIComponent(conversationId)}${seq === undefined ? '' : `/${seq}`}`
  const values = new URLSearchParams()
  if (pane !== undefined) values.set('pane', pane)
  if (pane === 'search' && query !== undefined) values.set('q', query)
  const search = values.toString()
  return `#/${path}${search === '' ? '' : `?${search}`}`
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

type Page = Pick<Window, 'location' | 'history' | 'matchMedia' | 'addEventListener' | 'removeEventListener'>

/** Keeps the route and the address the same. */
export class Router {
  #route: Route
  #hash: string
  readonly #window: Page
  readonly #listeners = new Set<() => void>()

  constructor(page: Page) {
    this.#window = page
    this.#hash = page.location.hash
    this.#route = parseRoute(this.#hash)
  }

  readonly get = (): Route => this.#route

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) {
      this.#window.addEventListener('hashchange', this.#read)
      this.#window.addEventListener('popstate', this.#read)
      // While nobody listened the address may have moved: before somebody signed in, for one.
      this.#read()
    }
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#window.removeEventListener('hashchange', this.#read)
      this.#window.removeEventListener('popstate', this.#read)
    }
  }

  /** Goes somewhere else: "back" returns. */
  readonly go = (route: Route): void => {
    this.#move(route, false)
  }

  /** Opens a conversation, at a message if one is named; a pane that is open stays where there is room for both. */
  readonly openConversation = (conversationId: string, seq?: number): void => {
    const { pane, query }: Route = isNarrow(this.#window) ? {} : this.#route
    this.go({
      conversationId,
      ...(seq === undefined ? {} : { seq }),
      ...(pane === undefined || pane === 'details' ? {} : { pane }),
      ...(query === undefined ? {} : { query }),
    })
  }

  readonly openPane = (pane: Pane, query?: string): void => {
    const { conversationId } = this.#route
    this.go({
      ...(conversationId === undefined ? {} : { conversationId }),
      pane,
      ...(query === undefined ? {} : { query }),
    })
  }

  readonly closePane = (): void => {
    const { conversationId } = this.#route
    this.go(conversationId === undefined ? {} : { conversationId })
  }

  /** The same place, said otherwise: not a step to go back to. */
  readonly replace = (route: Route): void => {
    this.#move(route, true)
  }

  #move(route: Route, replace: boolean): void {
    const hash = formatRoute(route)
    // Going to a message again is going there again.
    if (hash === this.#hash && route.seq === undefined) return
    this.#hash = hash
    this.#route = route
    if (replace) this.#window.history.replaceState(null, '', hash)
    else this.#window.history.pushState(null, '', hash)
    this.#tell()
  }

  readonly #read = () => {
    const { hash } = this.#window.location
    if (hash === this.#hash) return
    this.#hash = hash
    this.#route = parseRoute(hash)
    this.#tell()
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

export const RouterContext = createContext<Router | undefined>(undefined)

export function useRouter(): Router {
  const router = useContext(RouterContext)
  if (router === undefined) throw new Error('No router around this component.')
  return router
}

export function useRoute(): Route {
  const router = useRouter()
  return useSyncExternalStore(router.subscribe, router.get)
}

/** Most of the page looks at no more of the address: it is not drawn again for another conversation. */
export function usePane(): Pane | undefined {
  const router = useRouter()
  return useSyncExternalStore(router.subscribe, () => router.get().pane)
}
