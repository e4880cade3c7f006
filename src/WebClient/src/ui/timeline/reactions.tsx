import type { Words } from '../../i18n/words'
import type { Reaction } from '../../protocol/wire'
import { useWords } from '../shared/hooks'

type Props = { reactions: readonly Reaction[]; names: ReadonlyMap<string, string>; me: string }

/** A message's reactions: each adds mine, or takes it back. */
export function ReactionsView({ reactions, names, me }: Props) {
  const words = useWords()
  return (
    <div className="reactions" role="group" aria-label={words.t('timeline.reactions')}>
      {reactions.map((reaction) => {
        const { emoji, count, mine } = reaction
        const label = words.t('timeline.reaction', { emoji, count, people: reactingWords(reaction, names, me, words) })
        return (
          <button
            key={emoji}
            type="button"
            className="reaction"
            data-act="react"
            data-emoji={emoji}
            aria-pressed={mine}
            aria-label={label}
            title={label}
            tabIndex={-1}
          >
            <span className="reaction-emoji">{emoji}</span> {words.number(count)}
          </button>
        )
      })}
    </div>
  )
}

const namedMax = 5

/** Me first, then those whose names are known; the rest is counted. */
function reactingWords({ users, count, mine }: Reaction, names: ReadonlyMap<string, string>, me: string, words: Words): string {
  const named = mine ? [words.t('timeline.factYouTarget')] : []
  for (const userId of users) {
    const name = userId === me ? undefined : names.get(userId)
    if (name !== undefined && named.length < namedMax) named.push(name)
  }
  const others = count - named.length
  if (others <= 0) return words.list(named)
  if (named.length === 0) return words.t('timeline.factPeople', { count: others })
  return words.list([...named, words.t('timeline.factOthers', { count: others })])
}
