import { useRef, useState } from 'react'
import type { Emoji } from './emojiData'
import { inTone, type SkinTone } from './emojiSearch'

const columns = 8

type Props = {
  label: string
  emoji: readonly Emoji[]
  tone: SkinTone
  onPick: (emoji: Emoji) => void
  /** Up from the first row. */
  onLeave: () => void
}

/** One stop for the Tab key; arrows move within. */
export function EmojiGrid({ label, emoji, tone, onPick, onLeave }: Props) {
  const grid = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(0)

  const move = (event: React.KeyboardEvent, to: number) => {
    event.preventDefault()
    const next = Math.max(0, Math.min(emoji.length - 1, to))
    setCurrent(next)
    grid.current?.querySelectorAll<HTMLElement>('button')[next]?.focus()
  }

  const onKeyDown = (event: React.KeyboardEvent) => {
    const forward = document.documentElement.dir === 'rtl' ? -1 : 1
    switch (event.key) {
      case 'ArrowRight':
        move(event, current + forward)
        break
      case 'ArrowLeft':
        move(event, current - forward)
        break
      case 'ArrowDown':
        move(event, current + columns < emoji.length ? current + columns : current)
        break
      case 'ArrowUp':
        if (current >= columns) move(event, current - columns)
        else {
          event.preventDefault()
          onLeave()
        }
        break
      case 'Home':
        move(event, event.ctrlKey ? 0 : current - (current % columns))
        break
      case 'End':
        move(event, event.ctrlKey ? emoji.length - 1 : current - (current % columns) + columns - 1)
        break
    }
  }

  const rows = Array.from({ length: Math.ceil(emoji.length / columns) }, (_, row) => emoji.slice(row * columns, (row + 1) * columns))
  return (
    <div ref={grid} className="emoji-grid" role="grid" aria-label={label} aria-colcount={columns} onKeyDown={onKeyDown}>
      {rows.map((row, rowIndex) => (
        <div key={rowIndex} role="row" className="emoji-row">
          {row.map((each, column) => {
            const index = rowIndex * columns + column
            return (
              <div key={each.emoji} role="gridcell">
                <button
                  type="button"
                  aria-label={each.name}
                  title={each.name}
                  tabIndex={index === current ? 0 : -1}
                  onFocus={() => {
                    setCurrent(index)
                  }}
                  onClick={() => {
                    onPick(each)
                  }}
                >
                  {inTone(each, tone)}
                </button>
              </div>
            )
          })}
        </div>
      ))}
    </div>
  )
}
