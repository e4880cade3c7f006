import { type ReactNode } from 'react'
import type { MessageKey } from '../../i18n/words'
import { useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { later, type LaterPart, NotLoaded } from '../shared/later'
import { useNarrow } from '../shared/narrow'
import { whenIdle } from '../shared/whenIdle'
import { useFocusInPane, useFocusBack } from './paneFocus'
import { type Pane, usePane, useRouter } from './route'

/** What each pane shows; none is needed before it is opened. */
const panes: Record<Pane, LaterPart<object>> = {
  details: pane('details.title', async () => (await import('../details/detailsPane')).DetailsPane),
  mentions: pane('mentions.title', async () => (await import('../mentions/mentionsPane')).MentionsPane),
  search: pane('search.title', async () => (await import('../search/searchPane')).SearchPane),
}

function pane(title: MessageKey, load: () => Promise<() => ReactNode>): LaterPart<object> {
  return later<object>(load, (_, retry) => <PaneNotLoaded title={title} onRetry={retry} />)
}

/** When there is nothing else to do: a pane that is opened is there at once, and so is what is typed into it. */
export function preloadPanes(): void {
  whenIdle(() => {
    for (const each of Object.values(panes)) void each.preload()
  })
}

/** The pane beside the conversation: details, mentions or search, as the address says. */
export function SidePane() {
  const pane = usePane()
  useFocusBack(pane)
  if (pane === undefined) return null
  const Content = panes[pane]
  return <Content key={pane} />
}

function PaneNotLoaded({ title, onRetry }: { title: MessageKey; onRetry: () => void }) {
  const { t } = useWords()
  return (
    <PaneFrame title={t(title)}>
      <NotLoaded onRetry={onRetry} />
    </PaneFrame>
  )
}

/** The frame of a pane: its heading and a way out. Beside the conversation it is an addition; alone it is the page's main part. */
export function PaneFrame({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useWords()
  const { closePane } = useRouter()
  const alone = useNarrow()
  const frame = useFocusInPane()
  return (
    <div
      ref={frame}
      className="side-pane"
      role={alone ? 'main' : 'complementary'}
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.preventDefault()
        closePane()
      }}
    >
      {alone && <h1 className="unseen">{t('shell.title')}</h1>}
      <div className="side-pane-head">
        <h2 tabIndex={-1}>{title}</h2>
        <IconButton icon="close" label={t('shared.close')} onClick={closePane} />
      </div>
      {children}
    </div>
  )
}
