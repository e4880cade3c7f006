import { useEffect, useId, useRef, useState } from 'react'
import type { FoundPerson } from '../../protocol/wire'
import { Avatar } from '../shared/avatar'
import { useClient, useConnected, useDebounced, useWords } from '../shared/hooks'
import { Icon } from '../shared/icon'

const askAfterMs = 150

type Props = {
  picked: readonly FoundPerson[]
  onPick: (picked: readonly FoundPerson[]) => void
  /** Who cannot be picked, and why, in words; somebody whose role is restricted cannot in any case (C7). */
  refusal?: (person: FoundPerson) => string | undefined
}

/** Finds people by name and collects them: a field with suggestions, and those picked as chips that can be taken back. */
export function PeoplePicker({ picked, onPick, refusal }: Props) {
  const { t } = useWords()
  const client = useClient()
  const connected = useConnected()
  const [text, setText] = useState('')
  const [found, setFound] = useState<{ text: string; people: readonly FoundPerson[] }>()
  const [chosen, setChosen] = useState(0)
  const field = useRef<HTMLInputElement>(null)
  const listId = useId()
  const wanted = useDebounced(text.trim(), askAfterMs)

  useEffect(() => {
    if (!connected) return
    let current = true
    void client.people.find(wanted).then((people) => {
      if (current && people !== undefined) setFound({ text: wanted, people })
    })
    return () => {
      current = false
    }
  }, [client, wanted, connected])

  const ids = new Set(picked.map((person) => person.userId))
  const people = (found?.people ?? []).filter((person) => !ids.has(person.userId))
  const whyNot = (person: FoundPerson) =>
    person.restricted === true ? t('people.restricted') : refusal?.(person)

  const take = (person: FoundPerson | undefined) => {
    if (person === undefined || whyNot(person) !== undefined) return
    onPick([...picked, person])
    setText('')
    setChosen(0)
    field.current?.focus()
  }

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && people.length > 0) {
      event.preventDefault()
      setChosen((before) => (before + step + people.length) % people.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      // What stands in the list may still be of an earlier text: then it has to be who is meant by this one.
      const person = people[chosen]
      const meant = text.trim() !== '' && person?.name.toLowerCase().includes(text.trim().toLowerCase()) === true
      if (found?.text === text.trim() || meant) take(person)
    } else if (event.key === 'Backspace' && text === '' && picked.length > 0) onPick(picked.slice(0, -1))
  }

  return (
    <div className="picker">
      <ul className="chips" role="list" aria-label={t('people.picked')}>
        {picked.map((person) => (
          <li key={person.userId} className="chip">
            {person.name}
            <button
              type="button"
              className="chip-remove"
              aria-label={t('people.takeBack', { name: person.name })}
              onClick={() => {
                onPick(picked.filter((other) => other.userId !== person.userId))
                field.current?.focus()
              }}
            >
              <Icon name="close" size={12} />
            </button>
          </li>
        ))}
      </ul>
      <input
        ref={field}
        type="text"
        className="text-field"
        role="combobox"
        aria-label={t('people.find')}
        aria-expanded={people.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={people.length > 0 ? `${listId}-${chosen}` : undefined}
        placeholder={t('people.find')}
        autoComplete="off"
        maxLength={80}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={listId} className="suggestions" role="listbox" aria-label={t('people.found')}>
        {people.map((person, index) => {
          const why = whyNot(person)
          return (
            <li
              key={person.userId}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === chosen}
              aria-disabled={why !== undefined}
              className="suggestion"
              onClick={() => {
                take(person)
              }}
            >
              <Avatar id={person.userId} name={person.name} small />
              <span className="suggestion-name one-line" dir="auto">
                {person.name}
              </span>
              <span className="muted">{why ?? t('shared.role', { role: person.role })}</span>
            </li>
          )
        })}
      </ul>
      <p className="page-hint" role="status">
        {!connected ? t('people.offline') : found?.text === text.trim() && people.length === 0 ? t('people.nobody') : ''}
      </p>
    </div>
  )
}
