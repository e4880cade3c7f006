import { canHover } from './media'

/** A part of the page, and what in it takes the focus when what had it there is gone: the part itself where nothing is said. */
const parts: readonly { part: string; home?: string }[] = [
  { part: 'dialog', home: 'input, button' },
  { part: '[data-row]' },
  { part: '.log' },
  { part: '.side-pane', home: 'h2' },
  { part: '.composer', home: 'textarea' },
]

/** Where the focus goes when the part it was in is gone too, the best first. */
const homes = ['.composer textarea', '.conversation-head h1', '.chat-row[tabindex="0"]', '.sidebar button', 'main h1']

/** A phone would open its keyboard over what was just opened to be read. */
const homesByTouch = homes.filter((home) => !home.includes('textarea'))

/**
 * A control that goes away while it has the focus leaves it to nobody: a key then does nothing, and Tab begins at the top of
 * the page. Gives the focus to what is nearest to it. The answer ends it.
 */
export function keepFocus(page: Document): () => void {
  /** What had the focus last, and all around it. */
  let path: readonly Element[] = []

  const look = () => {
    if (page.activeElement !== page.body || path[0] === undefined || isThere(path[0])) return
    const around = path
    path = []
    homeIn(around, page)?.focus()
  }
  const onFocusIn = (event: FocusEvent) => {
    path = event.composedPath().filter((target) => target instanceof Element)
  }
  const onFocusOut = (event: FocusEvent) => {
    // When all that happens at once has happened: often there is somebody who has thought of the focus.
    if (event.relatedTarget === null) setTimeout(look)
  }

  page.addEventListener('focusin', onFocusIn)
  page.addEventListener('focusout', onFocusOut)
  // Some browsers do not say that an element with the focus was taken away.
  page.addEventListener('keydown', look, true)
  return () => {
    page.removeEventListener('focusin', onFocusIn)
    page.removeEventListener('focusout', onFocusOut)
    page.removeEventListener('keydown', look, true)
  }
}

/** Whether an element can have the focus: it is on the page, seen, and not switched off. */
export function isThere(element: Element): boolean {
  return element.isConnected && element.checkVisibility({ visibilityProperty: true }) && !element.matches(':disabled, [inert] *, [aria-hidden=true] *')
}

/** Gives the focus to where somebody goes on who is nowhere in particular. */
export function focusHome(page: Document): void {
  homeIn([], page)?.focus()
}

function homeIn(around: readonly Element[], page: Document): HTMLElement | undefined {
  for (const element of around) {
    const found = parts.find(({ part }) => element.matches(part))
    if (found === undefined || !isThere(element)) continue
    const home = found.home === undefined ? element : first(element, found.home)
    if (home instanceof HTMLElement) return home
  }
  const wanted = canHover() ? homes : homesByTouch
  for (const home of wanted) {
    const found = first(page, home)
    if (found !== undefined) return found
  }
  return undefined
}

function first(within: ParentNode, selector: string): HTMLElement | undefined {
  return [...within.querySelectorAll<HTMLElement>(selector)].find(isThere)
}
