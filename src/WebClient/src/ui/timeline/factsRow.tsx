import { useState } from 'react'
import type { Message } from '../../protocol/wire'
import { factWords } from '../shared/facts'
import { useWords } from '../shared/hooks'
import { Icon } from '../shared/icon'
import { clockWords } from '../shared/times'

type Props = { messages: readonly Message[]; names: ReadonlyMap<string, string>; me: string }

/** What one person did to the conversation: one line, which opens when there is more than one thing (C14). */
export function FactsRow({ messages, names, me }: Props) {
  const words = useWords()
  const [open, setOpen] = useState(false)
  const [first] = messages
  const last = messages.at(-1)
  if (first === undefined || last === undefined) return null
  if (messages.length === 1) return <Fact message={first} names={names} me={me} seq={first.seq} />
  const summary = words.t('timeline.factsFold', { first: factWords(first, names, me, words), count: messages.length - 1 })
  return (
    <div className="row facts" data-seq={last.seq} data-row="" role="group" aria-label={summary} tabIndex={-1}>
      <button
        type="button"
        className="fact facts-fold"
        data-act="expand"
        aria-expanded={open}
        tabIndex={-1}
        onClick={() => {
          setOpen(!open)
        }}
      >
        <Icon name="more" size={14} />
        {summary}
        <time dateTime={last.time}>{clockWords(last.time, words)}</time>
      </button>
      {open && messages.map((message) => <Fact key={message.seq} message={message} names={names} me={me} />)}
    </div>
  )
}

function Fact({ message, names, me, seq }: { message: Message; names: ReadonlyMap<string, string>; me: string; seq?: number }) {
  const words = useWords()
  return (
    <p className={seq === undefined ? 'fact' : 'row fact'} data-seq={seq}>
      <bdi>{factWords(message, names, me, words)}</bdi>
      <time dateTime={message.time}>{clockWords(message.time, words)}</time>
    </p>
  )
}
