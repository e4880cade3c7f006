import { useEffect, useRef, useState } from 'react'
import { unknownConversation } from '../../model/conversation'
import type { Conversation, FoundPerson } from '../../protocol/wire'
import { PresenceDot } from '../presence/presenceDot'
import { usePresence } from '../presence/usePresence'
import { Avatar } from '../shared/avatar'
import { useChat, useClient, useConnected, useDebounced, useWords } from '../shared/hooks'
import { useRouter } from '../shell/route'
import { conversationFace, conversationTitle } from './titles'

const waitForMoreMs = 200
const conversationsMax = 20

type Found = { text: string; people: readonly FoundPerson[]; conversations: readonly Conversation[] }

/** One field for whom or what to open: people by name, groups by theirs, by a former one, or by who belongs to them. */
export function Finder() {
  const client = useClient()
  const { t } = useWords()
  const router = useRouter()
  const connected = useConnected()
  const [text, setText] = useState('')
  const found = useFound(text.trim())
  const field = useRef<HTMLInputElement>(null)
  const results = useRef<HTMLDivElement>(null)
  const searching = text.trim() !== ''
  const current = found?.text === text.trim()
  const listed = new Set(found?.people.map((person) => person.conversationId))
  const conversations = found?.conversations.filter(({ id }) => !listed.has(id)) ?? []

  const open = (id: string, peer?: FoundPerson) => {
    setText('')
    if (peer !== undefined) client.openConversation(id, { userId: peer.userId, name: peer.name })
    router.openConversation(id)
  }

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape' && searching) {
      event.preventDefault()
      setText('')
      field.current?.focus()
      return
    }
    if (!searching || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
    const buttons = [...(results.current?.querySelectorAll('button') ?? [])]
    const here = buttons.findIndex((button) => button === document.activeElement)
    const there = here + (event.key === 'ArrowDown' ? 1 : -1)
    event.preventDefault()
    if (there < 0) field.current?.focus()
    else buttons[there]?.focus()
  }

  return (
    <search
      className="finder"
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        // Somebody who goes on elsewhere has found enough.
        if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) setText('')
      }}
    >
      <input
        ref={field}
        type="search"
        aria-label={t('conversations.find')}
        placeholder={t('conversations.find')}
        autoComplete="off"
        maxLength={80}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing || !searching || !current) return
          results.current?.querySelector('button')?.click()
        }}
      />
      {searching && (
        <div className="found" ref={results}>
          {!connected && <p className="page-hint">{t('people.offline')}</p>}
          {found !== undefined && found.people.length > 0 && (
            <>
              <h2 className="chat-list-heading">{t('conversations.people')}</h2>
              <ul role="list" className="people" aria-label={t('people.found')}>
                {found.people.map((person) => (
                  <li key={person.userId}>
                    <PersonFound
                      person={person}
                      onOpen={() => {
                        open(person.conversationId, person)
                      }}
                    />
                  </li>
                ))}
              </ul>
            </>
          )}
          {conversations.length > 0 && (
            <>
              <h2 className="chat-list-heading">{t('conversations.list')}</h2>
              <ul role="list" className="people" aria-label={t('conversations.found')}>
                {conversations.map((conversation) => (
                  <li key={conversation.id}>
                    <ConversationFound
                      conversation={conversation}
                      onOpen={() => {
                        open(conversation.id)
                      }}
                    />
                  </li>
                ))}
              </ul>
            </>
          )}
          <p className="page-hint found-nothing" role="status">
            {connected && current && found.people.length + conversations.length === 0 ? t('conversations.nothing') : ''}
          </p>
        </div>
      )}
    </search>
  )
}

/** What the server finds for the text, as soon as it stands still; of an earlier text until then. */
function useFound(text: string): Found | undefined {
  const client = useClient()
  const connected = useConnected()
  const [found, setFound] = useState<Found>()
  const wanted = useDebounced(text, waitForMoreMs)

  useEffect(() => {
    if (wanted === '' || !connected) return
    let current = true
    void Promise.all([client.people.find(wanted), client.list.find(wanted, conversationsMax)]).then(
      ([people, conversations]) => {
        if (!current || people === undefined || conversations === undefined) return
        setFound({ text: wanted, people, conversations })
      },
    )
    return () => {
      current = false
    }
  }, [client, wanted, connected])

  return text === '' ? undefined : found
}

function PersonFound({ person, onOpen }: { person: FoundPerson; onOpen: () => void }) {
  const { t } = useWords()
  const { state } = usePresence(person.userId)
  return (
    <button type="button" className="person" onClick={onOpen}>
      <span className="avatar-with-dot">
        <Avatar id={person.userId} name={person.name} small />
        {state !== 'unknown' && <PresenceDot state={state} />}
      </span>
      <span className="person-name one-line" dir="auto">
        {person.name}
      </span>
      <span className="muted">
        {person.restricted === true ? t('people.restricted') : t('shared.role', { role: person.role })}
      </span>
    </button>
  )
}

function ConversationFound({ conversation, onOpen }: { conversation: Conversation; onOpen: () => void }) {
  const words = useWords()
  const me = useChat((state) => state.me.userId)
  const described = { ...unknownConversation(conversation.id), summary: conversation }
  const title = conversationTitle(described, me, words)
  return (
    <button type="button" className="person" onClick={onOpen}>
      <Avatar id={conversationFace(described)} name={title} small />
      <span className="person-name one-line" dir="auto">
        {title}
      </span>
    </button>
  )
}
