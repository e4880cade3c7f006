import { lazy, type ReactNode, Suspense } from 'react'
import { useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { whenIdle } from '../shared/whenIdle'
import { type Pane, useRoute, useRouter } from './route'

const loadDetails = () => import('../details/detailsPane')
const loadMentions = () => import('../mentions/mentionsPane')
const loadSearch = () => import('../search/searchPane')

/** What each pane shows; none is needed before it is opened. */
const panes: Record<Pane, React.LazyExoticComponent<() => ReactNode>> = {
  details: lazy(() => loadDetails().then((module) => ({ default: module.DetailsPane }))),
  mentions: lazy(() => loadMentions().then((module) => ({ default: module.MentionsPane }))),
  search: lazy(() => loadSearch().then((module) => ({ default: module.SearchPane }))),
}

/** When there is nothing else to do: a pane that is opened is there at once, and so is what is typed into it. */
export function preloadPanes(): void {
  const load = () => void Promise.all([loadDetails(), loadMentions(), loadSearch()]).catch(() => undefined)
  whenIdle(load)
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
