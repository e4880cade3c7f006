import { useEffect, useRef, useState } from 'react'
import type { FoundPerson } from '../../protocol/wire'
import { Avatar } from '../shared/avatar'
import { useClient, useConnected, useDebounced, useWords } from '../shared/hooks'
import { useRouter } from '../shell/route'

const waitForMoreMs = 250

type Found = { text: string; people: FoundPerson[] }

export function PeopleSearch() {
  const client = useClient()
  const { t } = useWords()
  const router = useRouter()
  const connected = useConnected()
  const [text, setText] = useState('')
  const [found, setFound] = useState<Found>()
  const field = useRef<HTMLInputElement>(null)
  const results = useRef<HTMLUListElement>(null)
  const wanted = useDebounced(text.trim(), waitForMoreMs)

  useEffect(() => {
    if (wanted === '' || !connected) return
    let current = true
    void client.people.find(wanted).then((people) => {
      if (current && people !== undefined) setFound({ text: wanted, people })
    })
    return () => {
      current = false
    }
  }, [client, wanted, connected])

  const open = (person: FoundPerson) => {
    setText('')
    setFound(undefined)
    client.openConversation(person.conversationId, { userId: person.userId, name: person.name })
    router.openConversation(person.conversationId)
  }

  const moveFocus = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') {
      setText('')
      field.current?.focus()
      return
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const buttons = [...(results.current?.querySelectorAll('button') ?? [])]
    const here = buttons.findIndex((button) => button === document.activeElement)
    const there = here + (event.key === 'ArrowDown' ? 1 : -1)
    event.preventDefault()
    if (there < 0) field.current?.focus()
    else buttons[there]?.focus()
  }

  const searching = text.trim() !== ''
  return (
    <search className="people-search" onKeyDown={moveFocus}>
      <input
        ref={field}
        type="search"
        aria-label={t('people.find')}
        placeholder={t('people.find')}
        autoComplete="off"
        maxLength={80}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
        }}
        onKeyDown={(event) => {
          const first = found?.people[0]
          if (event.key === 'Enter' && !event.nativeEvent.isComposing && first !== undefined && searching) open(first)
        }}
      />
      {searching && (
        <div className="people-found">
          {!connected && <p className="page-hint">{t('people.offline')}</p>}
          {connected && found?.text === text.trim() && found.people.length === 0 && (
            <p className="page-hint" role="status">
              {t('people.nobody')}
            </p>
          )}
          <ul ref={results} className="people" aria-label={t('people.found')}>
            {found?.people.map((person) => (
              <li key={person.userId}>
                <button
                  type="button"
                  className="person"
                  onClick={() => {
                    open(person)
                  }}
                >
                  <Avatar id={person.userId} name={person.name} small />
                  <span className="person-name">{person.name}</span>
                  <span className="muted">{t('shared.role', { role: person.role })}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </search>
  )
}
