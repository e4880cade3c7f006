import { lazy, type ReactNode, Suspense } from 'react'
import { useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { type Pane, useRoute, useRouter } from './route'

/** What each pane shows; none is needed before it is opened. */
const panes: Record<Pane, React.LazyExoticComponent<() => ReactNode>> = {
  details: lazy(() => import('../details/detailsPane').then((module) => ({ default: module.DetailsPane }))),
  mentions: lazy(() => import('../mentions/mentionsPane').then((module) => ({ default: module.MentionsPane }))),
  search: lazy(() => import('../search/searchPane').then((module) => ({ default: module.SearchPane }))),
}

/** The pane beside the conversation: details, mentions or search, as the address says. */
export function SidePane() {
  const { pane } = useRoute()
  if (pane === undefined) return null
  const Content = panes[pane]
  return (
    <Suspense>
      <Content />
    </Suspense>
  )
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
