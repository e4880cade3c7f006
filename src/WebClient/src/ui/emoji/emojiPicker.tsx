import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useWords } from '../shared/hooks'
import { MenuButton, placeBeside } from '../shared/menu'
import { type Emoji, type EmojiSet, groupNames, loadEmoji, plainEmoji } from './emojiData'
import { inTone, searchEmoji, type SkinTone, skinTones } from './emojiSearch'
import { EmojiGrid } from './emojiGrid'
import { readHabits, rememberEmoji, rememberTone } from './emojiStore'

type Props = {
  anchor: Element | null
  onPick: (emoji: string) => void
  onClose: (giveFocusBack: boolean) => void
}

const tabs = ['recent', ...groupNames] as const
type Tab = (typeof tabs)[number]

const tabSigns: Record<Tab, string> = {
  recent: '🕘',
  smileys: '😀',
  people: '👋',
  animals: '🐻',
  food: '🍎',
  travel: '🚗',
  activities: '⚽',
  objects: '💡',
  symbols: '❤️',
  flags: '🏁',
}

const foundMax = 96

/** Emoji by group, by name, and those used lately; everything by keyboard. */
export function EmojiPicker({ anchor, onPick, onClose }: Props) {
  const { t, language } = useWords()
  const box = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const { set, failed } = useEmoji(language.tag)
  const [habits] = useState(() => readHabits(window.localStorage))
  const [tone, setTone] = useState<SkinTone>(habits.tone)
  const [text, setText] = useState('')
  const [tab, setTab] = useState<Tab>(habits.recent.length > 0 ? 'recent' : 'smileys')
  const searching = text.trim() !== ''
  usePopover(box, field, anchor, onClose)

  const shown = useMemo<Emoji[]>(() => {
    if (set === undefined) return []
    if (searching) return searchEmoji(set, text, foundMax)
    if (tab === 'recent') return habits.recent.map((emoji) => known(set, emoji))
    const group = groupNames.indexOf(tab)
    return set.all.filter((emoji) => emoji.group === group)
  }, [set, searching, text, tab, habits])

  const pick = (emoji: Emoji) => {
    const toned = tab === 'recent' && !searching ? emoji.emoji : inTone(emoji, tone)
    rememberEmoji(window.localStorage, toned)
    onPick(toned)
  }

  return (
    <div
      ref={box}
      className="emoji-picker"
      popover="manual"
      role="dialog"
      aria-label={t('emoji.choose')}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
        event.preventDefault()
        onClose(true)
      }}
    >
      <div className="emoji-head">
        <input
          ref={field}
          type="search"
          className="text-field"
          aria-label={t('emoji.find')}
          placeholder={t('emoji.find')}
          autoComplete="off"
          maxLength={40}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
          }}
          onKeyDown={(event) => {
            const [first] = shown
            if (event.nativeEvent.isComposing) return
            if (event.key === 'ArrowDown') {
              event.preventDefault()
              box.current?.querySelector<HTMLElement>('[role=grid] [tabindex="0"]')?.focus()
            } else if (event.key === 'Enter' && searching && first !== undefined) {
              event.preventDefault()
              pick(first)
            }
          }}
        />
        <MenuButton
          label={t('emoji.tone')}
          items={() => skinTones.map((each) => ({
            label: `${inTone(hand, each)} ${t('emoji.toneOf', { tone: each })}`,
            checked: each === tone,
            onChoose: () => {
              setTone(each)
              rememberTone(window.localStorage, each)
            },
          }))}
        >
          {inTone(hand, tone)}
        </MenuButton>
      </div>
      {!searching && <Tabs tab={tab} onChoose={setTab} />}
      {failed && (
        <p className="page-hint" role="alert">
          {t('emoji.unavailable')}
        </p>
      )}
      <div className="unseen" role="status">
        {searching && set !== undefined && t('emoji.found', { count: shown.length })}
      </div>
      {set !== undefined && shown.length === 0 ? (
        <p className="page-hint">{searching ? t('emoji.found', { count: 0 }) : t('emoji.noneUsed')}</p>
      ) : (
        <EmojiGrid
          key={searching ? `find ${text}` : tab}
          label={searching ? t('emoji.found', { count: shown.length }) : t('emoji.group', { group: tab })}
          emoji={shown}
          tone={tab === 'recent' && !searching ? 0 : tone}
          onPick={pick}
          onLeave={() => field.current?.focus()}
        />
      )}
    </div>
  )
}

const hand = { emoji: '✋', takesTone: true }

function Tabs({ tab, onChoose }: { tab: Tab; onChoose: (tab: Tab) => void }) {
  const { t } = useWords()
  const move = (event: React.KeyboardEvent, by: number) => {
    event.preventDefault()
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length] ?? tab
    onChoose(next)
    event.currentTarget.querySelector<HTMLElement>(`[data-tab=${next}]`)?.focus()
  }
  return (
    <div
      className="emoji-tabs"
      role="tablist"
      aria-label={t('emoji.groups')}
      onKeyDown={(event) => {
        const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
        if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') move(event, event.key === forward ? 1 : -1)
      }}
    >
      {tabs.map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          data-tab={each}
          aria-selected={each === tab}
          aria-label={t('emoji.group', { group: each })}
          title={t('emoji.group', { group: each })}
          tabIndex={each === tab ? 0 : -1}
          onClick={() => {
            onChoose(each)
          }}
        >
          <span aria-hidden="true">{tabSigns[each]}</span>
        </button>
      ))}
    </div>
  )
}

/** One that was used is shown as it was: its skin tone is part of it. */
function known(set: EmojiSet, emoji: string): Emoji {
  const base = set.byEmoji.get(plainEmoji(emoji))
  return { name: emoji, group: 0, shortNames: [], called: [], keywords: [], ...base, emoji, takesTone: false }
}

function useEmoji(language: string): { set: EmojiSet | undefined; failed: boolean } {
  const [set, setSet] = useState<EmojiSet>()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let current = true
    loadEmoji(language).then(
      (loaded) => {
        if (current) setSet(loaded)
      },
      () => {
        if (current) setFailed(true)
      },
    )
    return () => {
      current = false
    }
  }, [language])
  return { set, failed }
}

/** In the top layer beside its anchor, closed by whatever happens elsewhere. */
function usePopover(
  box: RefObject<HTMLElement | null>,
  field: RefObject<HTMLElement | null>,
  anchor: Element | null,
  onClose: Props['onClose'],
): void {
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    element.showPopover()
    placeBeside(element, anchor)
    field.current?.focus()
  }, [box, field, anchor])
  useEffect(() => {
    const leave = (event: Event) => {
      const { target } = event
      if (target instanceof Node && (box.current?.contains(target) === true || anchor?.contains(target) === true)) return
      close.current(false)
    }
    document.addEventListener('pointerdown', leave, true)
    window.addEventListener('resize', leave)
    return () => {
      document.removeEventListener('pointerdown', leave, true)
      window.removeEventListener('resize', leave)
    }
  }, [box, anchor])
}
