import { useEffect, useRef } from 'react'

/**
 * A key with what is held down with it, such as `ctrl+k` or `alt+shift+ArrowUp`. `ctrl` is also the Mac's command key.
 * A letter or sign means what the key types, whatever the keyboard's layout.
 */
export type Shortcut = string

export function matches(shortcut: Shortcut, event: KeyboardEvent): boolean {
  const parts = shortcut.split('+')
  const key = parts.pop() ?? ''
  const typed = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const sign = key.length === 1 && !/[a-z0-9]/.test(key)
  return (
    typed === key &&
    parts.includes('ctrl') === (event.ctrlKey || event.metaKey) &&
    parts.includes('alt') === event.altKey &&
    // Which signs need Shift is the keyboard's affair.
    (sign || parts.includes('shift') === event.shiftKey)
  )
}

/** Typing of an input method, and keys that something nearer has taken, are nobody's shortcut. */
function isFree(event: KeyboardEvent): boolean {
  return !event.defaultPrevented && !event.isComposing
}

/** Runs when the shortcut is pressed anywhere on the page and nothing nearer has taken it (`preventDefault`). */
export function useShortcut(shortcut: Shortcut, run: () => void, enabled = true): void {
  const current = useRef(run)
  useEffect(() => {
    current.current = run
  })
  useEffect(() => {
    if (!enabled) return
    const listen = (event: KeyboardEvent) => {
      if (!isFree(event) || !matches(shortcut, event)) return
      // A single sign is text where text is written.
      if (shortcut.length === 1 && isWriting()) return
      event.preventDefault()
      current.current()
    }
    window.addEventListener('keydown', listen)
    return () => {
      window.removeEventListener('keydown', listen)
    }
  }, [shortcut, enabled])
}

/** Whether keys are text now. */
function isWriting(): boolean {
  const element = document.activeElement
  return element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement
}
