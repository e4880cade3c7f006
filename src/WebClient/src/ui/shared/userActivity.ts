/** Whatever a person does with a page. Not `scroll`: a page also scrolls by itself. */
const inputs = ['keydown', 'pointerdown', 'wheel', 'touchstart', 'touchmove'] as const

/** When somebody last did something with this page. A page that just lies there, in view and in focus, has nobody. */
export class UserActivity {
  readonly #now: () => number
  readonly #listeners = new Set<() => void>()
  #lastInput = -Infinity
  #pointer: { x: number; y: number } | undefined

  constructor(page: EventTarget, now: () => number) {
    this.#now = now
    for (const type of inputs) page.addEventListener(type, this.#act, { capture: true, passive: true })
    page.addEventListener('pointermove', this.#movePointer, { capture: true, passive: true })
    // Not captured: that would be the focus of every element, which the page itself moves, too.
    page.addEventListener('focus', this.#act)
  }

  get lastInput(): number {
    return this.#lastInput
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  readonly #act = () => {
    this.#lastInput = this.#now()
    for (const listener of [...this.#listeners]) listener()
  }

  /** Browsers also say that the pointer moved when the page has moved below it. */
  readonly #movePointer = (event: Event) => {
    const { screenX: x, screenY: y } = event as PointerEvent
    const before = this.#pointer
    this.#pointer = { x, y }
    if (before !== undefined && (before.x !== x || before.y !== y)) this.#act()
  }
}
