import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { EmojiPlace } from '../emoji/emojiPlace'
import { useWords } from '../shared/hooks'
import { Icon } from '../shared/icon'
import { placeBeside } from '../shared/menu'

/** What people react with most; everything else is one step further. */
const quickEmoji = ['👍', '✅', '👀', '❤️', '😂', '🙏'] as const

type Props = {
  anchor: Element | null
  onPick: (emoji: string) => void
  onClose: (giveFocusBack: boolean) => void
}

/** A short row of reactions in the top layer, and the way to all of them. */
export function ReactionPicker({ anchor, onPick, onClose }: Props) {
  const [all, setAll] = useState(false)
  const pick = (emoji: string) => {
    onClose(true)
    onPick(emoji)
  }
  if (!all) {
    return (
      <QuickRow
        anchor={anchor}
        onPick={pick}
        onAll={() => {
          setAll(true)
        }}
        onClose={onClose}
      />
    )
  }
  return <EmojiPlace anchor={anchor} onPick={pick} onClose={onClose} />
}

function QuickRow({ anchor, onPick, onAll, onClose }: Props & { onAll: () => void }) {
  const { t } = useWords()
  const row = useRef<HTMLDivElement>(null)
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })

  useLayoutEffect(() => {
    const element = row.current
    if (element === null) return
    element.showPopover()
    placeBeside(element, anchor)
    element.querySelector('button')?.focus()
  }, [anchor])

  useEffect(() => {
    const leave = (event: Event) => {
      if (event.target instanceof Node && (row.current?.contains(event.target) === true || anchor?.contains(event.target) === true)) return
      close.current(false)
    }
    document.addEventListener('pointerdown', leave, true)
    return () => {
      document.removeEventListener('pointerdown', leave, true)
    }
  }, [anchor])

  const onKeyDown = (event: React.KeyboardEvent) => {
    event.stopPropagation()
    const buttons = [...(row.current?.querySelectorAll('button') ?? [])]
    const here = buttons.findIndex((button) => button === document.activeElement)
    const back = document.documentElement.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft'
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      onClose(true)
    } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      event.preventDefault()
      buttons.at((here + (event.key === back ? -1 : 1)) % buttons.length)?.focus()
    }
  }

  return (
    <div ref={row} className="menu quick-reactions" popover="manual" role="toolbar" aria-label={t('timeline.react')} onKeyDown={onKeyDown}>
      {quickEmoji.map((emoji) => (
        <button
          key={emoji}
          type="button"
          className="quick-reaction"
          aria-label={t('timeline.reactWith', { emoji })}
          onClick={() => {
            onPick(emoji)
          }}
        >
          {emoji}
        </button>
      ))}
      <button type="button" className="quick-reaction" aria-label={t('timeline.allEmoji')} title={t('timeline.allEmoji')} onClick={onAll}>
        <Icon name="more" />
      </button>
    </div>
  )
}
