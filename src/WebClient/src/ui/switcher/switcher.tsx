import { useEffect, useId, useMemo, useState } from 'react'
import type { ChatState } from '../../model/chatState'
import { appendFound, type Destination, rankLocally } from '../../model/switcher'
import type { FoundConversation, FoundPerson } from '../../protocol/wire'
import { conversationTitle } from '../conversations/titles'
import { Avatar } from '../shared/avatar'
import { useChat, useClient, useDebounced, useWords } from '../shared/hooks'
import { Modal } from '../shared/modal'
import { countWords } from '../shared/times'
import { useRouter } from '../shell/route'

const askAfterMs = 150

type Found = { text: string; conversations: FoundConversation[]; people: FoundPerson[] }

/** Goes to a person or group by a few letters (L4): what is known at once, what the server knows below it. */
export function Switcher({ onClose }: { onClose: () => void }) {
  const words = useWords()
  const { t } = words
  const client = useClient()
  const router = useRouter()
  const me = useChat((state) => state.me.userId)
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const [found, setFound] = useState<Found>()
  const asked = useDebounced(text.trim(), askAfterMs)
  const listId = useId()

  // As it stood when the switcher was opened: nothing moves below the hand while messages arrive.
  const [known] = useState(() => destinationsOf(client.store.get(), (state, id) => conversationTitle(state.conversations.get(id), me, words)))
  const local = useMemo(() => rankLocally(known, text), [known, text])
  const all = useMemo(
    () =>
      found?.text === text.trim()
        ? appendFound(local, found.conversations, found.people, me, (name) => t('shared.you', { name }))
        : local,
    [local, found, text, me, t],
  )

  useEffect(() => {
    if (asked === '') return
    let current = true
    void Promise.all([client.people.findConversations(asked), client.people.find(asked)]).then(([conversations, people]) => {
      if (current) setFound({ text: asked, conversations: conversations ?? [], people: people ?? [] })
    })
    return () => {
      current = false
    }
  }, [client, asked])

  const go = (destination: Destination | undefined) => {
    if (destination === undefined) return
    const { conversationId, userId, name } = destination
    onClose()
    client.openConversation(conversationId, ...(userId === undefined ? [] : [{ userId, name }]))
    router.openConversation(conversationId)
  }

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && all.length > 0) {
      event.preventDefault()
      setChosen((before) => (before + step + all.length) % all.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      go(all[chosen])
    }
  }

  return (
    <Modal title={t('switcher.title')} className="switcher" onClose={onClose}>
      <input
        type="text"
        className="text-field"
        role="combobox"
        aria-label={t('switcher.field')}
        aria-expanded={all.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={all.length > 0 ? `${listId}-${chosen}` : undefined}
        placeholder={t('switcher.field')}
        autoComplete="off"
        maxLength={80}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={listId} className="suggestions" role="listbox" aria-label={t('switcher.results')}>
        {all.map((destination, index) => (
          <Option
            key={destination.conversationId}
            id={`${listId}-${index}`}
            destination={destination}
            selected={index === chosen}
            onChoose={go}
          />
        ))}
      </ul>
      {all.length === 0 && found?.text === text.trim() && (
        <p className="page-hint" role="status">
          {t('switcher.nothing')}
        </p>
      )}
    </Modal>
  )
}

type OptionProps = { id: string; destination: Destination; selected: boolean; onChoose: (destination: Destination) => void }

function Option({ id, destination, selected, onChoose }: OptionProps) {
  const words = useWords()
  const { t } = words
  const { conversationId, userId, name, formerName, kind, unread, mentions } = destination
  return (
    <li
      id={id}
      ref={(element) => {
        if (selected) element?.scrollIntoView({ block: 'nearest' })
      }}
      role="option"
      aria-selected={selected}
      className="suggestion"
      onClick={() => {
        onChoose(destination)
      }}
    >
      <Avatar id={userId ?? conversationId} name={name} small />
      <span className="suggestion-name one-line" dir="auto">
        {name}
      </span>
      <span className="muted">
        {formerName === undefined
          ? t(kind === 'person' ? 'switcher.person' : 'switcher.group')
          : t('switcher.former', { title: formerName })}
      </span>
      {unread > 0 && <span className={mentions > 0 ? 'badge badge-mention' : 'badge'}>{countWords(unread, words)}</span>}
    </li>
  )
}

function destinationsOf(state: ChatState, titleOf: (state: ChatState, id: string) => string): Destination[] {
  const destinations: Destination[] = []
  for (const { id, summary, unread } of state.conversations.values()) {
    if (summary === undefined) continue
    destinations.push({
      conversationId: id,
      name: titleOf(state, id),
      kind: summary.peer === undefined ? 'group' : 'person',
      ...(summary.peer === undefined ? {} : { userId: summary.peer.userId }),
      unread: unread?.unread ?? 0,
      mentions: unread?.mentions ?? 0,
      lastActivity: summary.lastActivity,
    })
  }
  return destinations
}
