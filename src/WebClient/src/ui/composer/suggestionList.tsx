import { memo } from 'react'
import { Avatar } from '../shared/avatar'
import { useWords } from '../shared/hooks'
import { PersonPresenceDot } from './personPresenceDot'
import type { Suggestion, Suggestions } from './useSuggestions'

export function optionId(listId: string, key: string): string {
  return `${listId}-${key}`
}

type Props = { id: string; suggestions: Suggestions; onPick: (key: string) => void }

/** Above the field; the focus stays in it. */
export const SuggestionList = memo(function SuggestionList({ id, suggestions, onPick }: Props) {
  const { t } = useWords()
  const { rows, selected, query } = suggestions
  return (
    <ul
      id={id}
      className="suggestions"
      role="listbox"
      aria-label={t('composer.suggestions', { kind: query.kind })}
      // The field keeps the focus.
      onPointerDown={(event) => {
        event.preventDefault()
      }}
    >
      {rows.map((row) => (
        <li
          key={row.key}
          id={optionId(id, row.key)}
          role="option"
          aria-selected={row.key === selected}
          onClick={() => {
            onPick(row.key)
          }}
        >
          <Row row={row} />
        </li>
      ))}
    </ul>
  )
})

function Row({ row }: { row: Suggestion }) {
  const { t } = useWords()
  switch (row.kind) {
    case 'person':
      return (
        <>
          <Avatar id={row.userId} name={row.name} small />
          <span className="suggestion-name one-line" dir="auto">
            {row.name}
          </span>
          <PersonPresenceDot userId={row.userId} />
        </>
      )
    case 'wide':
      return (
        <>
          <span className="suggestion-sign" aria-hidden="true">
            @
          </span>
          <span className="suggestion-name one-line" dir="auto">
            @{row.to}
          </span>
          <span className="muted">{t('composer.wide', { to: row.to })}</span>
        </>
      )
    case 'emoji':
      return (
        <>
          <span className="suggestion-sign" aria-hidden="true">
            {row.emoji}
          </span>
          <span className="suggestion-name one-line">{row.name}</span>
        </>
      )
  }
}
