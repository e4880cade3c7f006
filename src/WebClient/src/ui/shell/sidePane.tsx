import type { ReactNode } from 'react'
import { useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { type Pane, useRoute, useRouter } from './route'

/** What each pane shows; one that is not here is not there. */
const panes: Partial<Record<Pane, () => ReactNode>> = {}

/** The pane beside the conversation: details, mentions or search, as the address says. */
export function SidePane() {
  const { pane } = useRoute()
  const Content = pane === undefined ? undefined : panes[pane]
  return Content === undefined ? null : <Content />
}

/** The frame of a pane: its heading and a way out. */
export function PaneFrame({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useWords()
  const { closePane } = useRouter()
  return (
    <aside
      className="side-pane"
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.preventDefault()
        closePane()
      }}
    >
      <header className="side-pane-head">
        <h2>{title}</h2>
        <IconButton icon="close" label={t('shared.close')} onClick={closePane} />
      </header>
      {children}
    </aside>
  )
}
