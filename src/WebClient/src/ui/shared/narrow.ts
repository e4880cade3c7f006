import { useSyncExternalStore } from 'react'
import { media } from './media'

/** Too narrow for two parts beside each other; the same width stands in chat.css. */
const narrow = '(max-width: 720px)'

/** Without drawing anything anew when it changes. */
export function isNarrow(page: Pick<Window, 'matchMedia'>): boolean {
  return media(narrow, page).matches
}

/** Whether the page shows one part at a time: the list, the conversation or a pane. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => isNarrow(window))
}

function subscribe(listener: () => void): () => void {
  const query = media(narrow)
  query.addEventListener('change', listener)
  return () => {
    query.removeEventListener('change', listener)
  }
}
