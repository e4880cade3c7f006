import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { focusHome, isThere } from '../shared/keepFocus'
import type { Pane } from './route'

/** What had the focus when the panes were opened has it again when they are closed. */
export function useFocusBack(pane: Pane | undefined): void {
  const opener = useRef<HTMLElement>(undefined)
  const open = pane !== undefined
  useLayoutEffect(() => {
    if (open) {
      const { activeElement } = document
      opener.current = activeElement instanceof HTMLElement && activeElement !== document.body ? activeElement : undefined
      return
    }
    const { current } = opener
    opener.current = undefined
    if (current === undefined || document.activeElement !== document.body) return
    if (isThere(current)) current.focus()
    else focusHome(document)
  }, [open])
}

/** A pane that somebody opens takes the focus; not one that was there when the page came. */
export function useFocusInPane(): RefObject<HTMLDivElement | null> {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { current } = frame
    if (current === null || current.contains(document.activeElement) || !navigator.userActivation.hasBeenActive) return
    current.querySelector<HTMLElement>('h2')?.focus()
  }, [])
  return frame
}
