import { type RefObject, useLayoutEffect, useRef } from 'react'

const controls = 'a[href], button'

/**
 * The log is one stop for Tab; inside it ↑ and ↓ move from message to message, and Tab goes through what is in the message
 * that has the focus. Done on the elements: no row is drawn again because the focus moves.
 */
export function useRoving(viewport: RefObject<HTMLElement | null>, onFocusRow: (row: HTMLElement | undefined) => void) {
  const active = useRef<HTMLElement>(undefined)

  const activate = (row: HTMLElement | undefined) => {
    const before = active.current
    if (before !== row && before !== undefined) {
      before.tabIndex = -1
      setTabIndex(before, -1)
    }
    active.current = row
    if (row !== undefined) {
      row.tabIndex = 0
      setTabIndex(row, 0)
    }
    setStop(viewport.current, row === undefined)
  }

  // A row with the focus may leave the page: the focus stays in the log.
  useLayoutEffect(() => {
    const row = active.current
    if (row === undefined || row.isConnected) return
    activate(undefined)
    onFocusRow(undefined)
    if (document.activeElement === document.body) viewport.current?.focus({ preventScroll: true })
  })

  const onFocus = (event: React.FocusEvent) => {
    const row = rowOf(event.target)
    if (row === undefined || viewport.current?.contains(row) !== true) return
    activate(row)
    onFocusRow(row)
  }

  const onBlur = (event: React.FocusEvent) => {
    if (event.relatedTarget instanceof Node && viewport.current?.contains(event.relatedTarget) === true) return
    onFocusRow(undefined)
  }

  /** True when the key moved the focus. */
  const onKeyDown = (event: React.KeyboardEvent): boolean => {
    const element = viewport.current
    if (element === null || event.altKey || event.ctrlKey || event.metaKey) return false
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return false
    const rows = [...element.querySelectorAll<HTMLElement>('[data-row]')]
    const here = rowOf(event.target)
    const next = here === undefined ? lastInView(element, rows) : rows[rows.indexOf(here) + (event.key === 'ArrowUp' ? -1 : 1)]
    if (next === undefined) return false
    event.preventDefault()
    focusRow(next)
    return true
  }

  return { onFocus, onBlur, onKeyDown }
}

export function focusRow(row: HTMLElement): void {
  row.focus({ preventScroll: true })
  row.scrollIntoView({ block: 'nearest' })
}

export function rowOf(target: EventTarget): HTMLElement | undefined {
  return target instanceof Element ? (target.closest<HTMLElement>('[data-row]') ?? undefined) : undefined
}

/** Either the log itself is Tab's stop or the message that had the focus last. */
function setStop(log: HTMLElement | null, isStop: boolean): void {
  if (log !== null) log.tabIndex = isStop ? 0 : -1
}

function setTabIndex(row: HTMLElement, tabIndex: number): void {
  for (const control of row.querySelectorAll<HTMLElement>(controls)) control.tabIndex = tabIndex
}

function lastInView(viewport: HTMLElement, rows: readonly HTMLElement[]): HTMLElement | undefined {
  const bottom = viewport.getBoundingClientRect().bottom
  return rows.findLast((row) => row.getBoundingClientRect().top < bottom - 1)
}
