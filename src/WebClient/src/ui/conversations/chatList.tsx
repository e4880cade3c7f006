import { createContext, useCallback, useContext, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { neighbour } from '../../model/chatList'
import { useSettings } from '../settings/settings'
import { useChat, useClient, useConnected, useNow, useWords } from '../shared/hooks'
import { whenIdle } from '../shared/whenIdle'
import { useShortcut } from '../shared/shortcuts'
import { useRouter } from '../shell/route'
import { ChatListRow } from './chatListRow'
import { useListRows } from './useListRows'
import { useRestingPointer } from './useRestingPointer'

const minuteMs = 60_000
/** A row without a heading; a hint, every row is measured. */
const rowPx = 56
/** So far above the end of the list the next page is asked for. */
const readAheadPx = 600

/**
 * The conversations, those with something unread first. Of thousands only those in view are on the page. One stop of the
 * Tab key: arrows move from row to row.
 */
export function ChatList() {
  const client = useClient()
  const { t } = useWords()
  const [{ listOrder }] = useSettings()
  const [{ ids, restFrom }, pointer] = useListRows(listOrder)
  const openId = useChat((state) => state.open?.id)
  const listLoaded = useChat((state) => state.listLoaded)
  const listNext = useChat((state) => state.listNext)
  const connected = useConnected()
  const now = useNow(minuteMs)
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const [active, setActive] = useState<string>()
  const focusWanted = useRef(false)
  useConversationShortcuts(ids)
  useFirstExpected(ids)
  useRestingPointer(scroller)

  const activeIndex = active === undefined ? -1 : ids.indexOf(active)
  const openIndex = openId === undefined ? -1 : ids.indexOf(openId)
  const tabStop = activeIndex >= 0 ? activeIndex : Math.max(openIndex, 0)
  const inTwo = listOrder === 'unreadFirst' && restFrom > 0

  useLayoutEffect(() => {
    if (!focusWanted.current || active === undefined) return
    focusWanted.current = false
    const row = scroller.current?.querySelector<HTMLElement>(`[data-conversation-id="${CSS.escape(active)}"]`)
    row?.focus({ preventScroll: true })
    list.current?.scrollToIndex(activeIndex, { align: 'nearest' })
  }, [active, activeIndex])

  // Which conversation is open is seen in the list, however it was opened.
  useEffect(() => {
    if (openIndex >= 0) list.current?.scrollToIndex(openIndex, { align: 'nearest' })
    // Not when rows move: then the reader's place in the list counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
  }, [openId])

  const readOn = useCallback(() => {
    const view = list.current
    if (view === null || listNext === undefined || !connected) return
    if (view.scrollSize - view.scrollOffset - view.viewportSize < readAheadPx) void client.list.more()
  }, [client, listNext, connected])
  // Also when what was read does not fill the list.
  useEffect(readOn, [readOn])

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || ids.length === 0) return
    const last = ids.length - 1
    const to = { ArrowDown: tabStop + 1, ArrowUp: tabStop - 1, Home: 0, End: last }[event.key]
    if (to === undefined) return
    event.preventDefault()
    focusWanted.current = true
    setActive(ids[Math.max(0, Math.min(to, last))])
  }

  return (
    <div className="chat-list" ref={scroller} onKeyDown={onKeyDown} {...pointer}>
      <SizeContext value={listNext === undefined ? ids.length : -1}>
        <Virtualizer
          ref={list}
          scrollRef={scroller}
          as={Rows}
          item={Item}
          data={ids}
          itemSize={rowPx}
          keepMounted={tabStop < ids.length ? [tabStop] : []}
          onScroll={readOn}
        >
          {(id, index) => (
            <ChatListRow
              key={id}
              id={id}
              heading={!inTwo ? undefined : index === 0 ? 'unread' : index === restFrom ? 'rest' : undefined}
              current={id === openId}
              tabStop={index === tabStop}
              now={now}
              onFocus={setActive}
            />
          )}
        </Virtualizer>
      </SizeContext>
      {listLoaded && ids.length === 0 && <p className="page-hint">{t('conversations.none')}</p>}
    </div>
  )
}

/** How many rows there are in all; -1 while nobody can say. */
const SizeContext = createContext(-1)

/** Most rows are not on the page: which of how many this is has to be said. */
function Item({ index, ...rest }: React.ComponentProps<'li'> & { index: number }) {
  const size = useContext(SizeContext)
  return <li aria-posinset={index + 1} aria-setsize={size} {...rest} />
}

function Rows(props: React.ComponentProps<'ul'>) {
  const { t } = useWords()
  return <ul role="list" className="chat-rows" aria-label={t('conversations.list')} {...props} />
}

/** As long as nothing is open, the first one is made ready as soon as there is time: whichever is opened, its code has run once. */
function useFirstExpected(ids: readonly string[]): void {
  const client = useClient()
  const connected = useConnected()
  const none = useChat((state) => state.open === undefined && state.next === undefined)
  const [first] = ids
  useEffect(() => {
    if (!none || !connected || first === undefined) return
    return whenIdle(() => {
      // A tab in the background is often closed again, or another one is looked at.
      if (document.visibilityState === 'visible') client.expectConversation(first)
    })
  }, [client, none, connected, first])
}

/** The conversation before or after the open one, and the same of those with something unread (W1). */
function useConversationShortcuts(ids: readonly string[]): void {
  const { store } = useClient()
  const { openConversation } = useRouter()
  const go = (step: 1 | -1, unreadOnly: boolean) => {
    const { open, conversations } = store.get()
    const isUnread = (id: string) => (conversations.get(id)?.unread?.unread ?? 0) > 0
    const id = neighbour(ids, open?.id, step, unreadOnly ? isUnread : undefined)
    if (id !== undefined) openConversation(id)
  }
  useShortcut('alt+ArrowDown', () => {
    go(1, false)
  })
  useShortcut('alt+ArrowUp', () => {
    go(-1, false)
  })
  useShortcut('alt+shift+ArrowDown', () => {
    go(1, true)
  })
  useShortcut('alt+shift+ArrowUp', () => {
    go(-1, true)
  })
}
