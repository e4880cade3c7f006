import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { conversationTitle } from '../conversations/titles'
import { useChat, useNow, useWords } from '../shared/hooks'
import { Icon } from '../shared/icon'
import { operators, replaceWord, valueText, wordAt } from './queryText'

const suggestionsMax = 6
const dayMs = 86_400_000
const daysAgo = [0, 1, 7, 30]

type Suggestion = { insert: string; name: string; hint: string | undefined }

/** The field of a search with suggestions: operators, and names for those that take one. */
export function QueryField({ query, onSearch }: { query: string; onSearch: (text: string) => void }) {
  const { t } = useWords()
  const [text, setText] = useState(query)
  const [cursor, setCursor] = useState(query.length)
  const [chosen, setChosen] = useState(-1)
  const [closed, setClosed] = useState(true)
  const field = useRef<HTMLInputElement>(null)
  const listId = useId()
  const suggestions = useSuggestions(text, cursor)
  const open = !closed && suggestions.length > 0

  useEffect(() => {
    field.current?.focus()
  }, [])

  const take = (suggestion: Suggestion) => {
    const next = replaceWord(text, wordAt(text, cursor), cursor, suggestion.insert)
    setText(next.query)
    setCursor(next.cursor)
    setChosen(-1)
    setClosed(!suggestion.insert.endsWith(':'))
    field.current?.focus()
    requestAnimationFrame(() => field.current?.setSelectionRange(next.cursor, next.cursor))
  }

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const picked = open ? suggestions[chosen] : undefined
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        event.preventDefault()
        setClosed(false)
        // One place more than there are suggestions: none.
        const places = suggestions.length + 1
        const step = event.key === 'ArrowDown' ? 1 : -1
        setChosen((before) => ((before + 1 + step + places) % places) - 1)
        break
      }
      case 'Enter':
        event.preventDefault()
        if (picked !== undefined) take(picked)
        else {
          setClosed(true)
          onSearch(text.trim())
        }
        break
      case 'Tab':
        if (picked !== undefined && !event.shiftKey) {
          event.preventDefault()
          take(picked)
        }
        break
      case 'Escape':
        if (!open) break
        event.preventDefault()
        setClosed(true)
    }
  }

  return (
    <form
      className="search-form"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(text.trim())
      }}
    >
      <div className="search-field">
        <input
          ref={field}
          type="text"
          inputMode="search"
          className="text-field"
          role="combobox"
          aria-label={t('search.field')}
          aria-expanded={open}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={open && chosen >= 0 ? `${listId}-${chosen}` : undefined}
          placeholder={t('search.placeholder')}
          autoComplete="off"
          maxLength={500}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setCursor(event.target.selectionStart ?? event.target.value.length)
            setChosen(-1)
            setClosed(false)
          }}
          onSelect={(event) => {
            setCursor(event.currentTarget.selectionStart ?? 0)
          }}
          onFocus={() => {
            setClosed(text !== '')
          }}
          onBlur={() => {
            setClosed(true)
          }}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className="icon-button" aria-label={t('search.submit')} title={t('search.submit')}>
          <Icon name="search" />
        </button>
      </div>
      <ul id={listId} className="suggestions" role="listbox" aria-label={t('search.suggestions')} hidden={!open}>
        {open &&
          suggestions.map((suggestion, index) => (
            <li
              key={suggestion.insert}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === chosen}
              className="suggestion"
              onPointerDown={(event) => {
                // The field keeps the focus.
                event.preventDefault()
                take(suggestion)
              }}
            >
              <code>{suggestion.name}</code>
              {suggestion.hint !== undefined && <span className="muted">{suggestion.hint}</span>}
            </li>
          ))}
      </ul>
    </form>
  )
}

function useSuggestions(text: string, cursor: number): Suggestion[] {
  const words = useWords()
  const names = useChat((state) => state.names)
  const conversations = useChat((state) => state.conversations)
  const me = useChat((state) => state.me.userId)
  const now = useNow(3_600_000)
  return useMemo(() => {
    const { text: word, operator, value } = wordAt(text, cursor)
    if (operator === undefined) {
      return operators
        .filter((known) => known.insert.startsWith(word.toLowerCase()) && known.insert !== word)
        .map((known) => ({ insert: known.insert, name: known.insert, hint: words.t(known.words) }))
    }
    const wanted = value.toLowerCase()
    const begins = (name: string) => name.toLowerCase().split(/\s+/).some((part) => part.startsWith(wanted))
    const as = (insert: string, name: string) => ({ insert: operator.insert + insert, name, hint: undefined })
    switch (operator.value) {
      case 'person': {
        const found = [...names].filter(([id, name]) => begins(name) || id.startsWith(value))
        const people = found.slice(0, suggestionsMax).map(([id, name]) => as(valueText(id), name))
        return operator.insert === 'from:' && 'me'.startsWith(wanted) ? [as('me', 'me'), ...people] : people
      }
      case 'conversation':
        return [...conversations.values()]
          .filter(({ summary }) => summary !== undefined)
          .map((conversation) => as(conversation.id, conversationTitle(conversation, me, words)))
          .filter(({ name }) => begins(name))
          .slice(0, suggestionsMax)
      case 'day':
        return daysAgo.map((days) => {
          const day = new Date(now - days * dayMs).toISOString().slice(0, 10)
          return as(day, day)
        })
      case undefined:
        return []
    }
  }, [text, cursor, words, names, conversations, me, now])
}
