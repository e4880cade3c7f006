import { type ReactNode, useCallback, useEffect, useId, useRef, useState } from 'react'
import { isBlank, type TextFill, textFill } from '../../model/textRules'
import { EmojiPlace } from '../emoji/emojiPlace'
import { useSettings } from '../settings/settings'
import { useChat, useClient, useIsOpen, useWords } from '../shared/hooks'
import { Icon } from '../shared/icon'
import { useComesLate } from '../shared/later'
import { canHover } from '../shared/media'
import { ComposerField } from './composerField'
import { formatOf, isInputMethods, type KeyPress, sendsMessage } from './composerKeys'
import { type Format, format } from './formatting'
import { type MentionRange, readTokens, writeTokens } from './mentionRanges'
import { Preview } from './preview'
import { optionId, SuggestionList } from './suggestionList'
import { Toolbar } from './toolbar'
import { useSuggestions } from './useSuggestions'

/** Text with its mentions as they are stored; nothing else on the machine knows it. */
const clipboardType = 'application/x-chat-text'

type Props = {
  conversationId: string
  group: boolean
  /** Where what is written is kept. */
  draftKey: string
  /** What stands in the field as long as nothing was written. */
  initial?: string
  placeholder: string
  sendLabel: string
  /** Describes what is written: an answer, an edit. */
  describedBy?: string | undefined
  /** The message that is answered: whoever chooses one wants to write. */
  answers?: number | undefined
  busy?: boolean
  /** Takes the field when it appears, on a phone too: somebody has just asked for it. */
  takesFocus?: boolean
  onSend: (text: string) => void
  /** Esc with nothing nearer to leave; `false`: there is nothing, and the key is somebody else's. */
  onLeave: () => boolean
  /** ↑ in an empty field; `false`: it did nothing. */
  onRecall?: () => boolean
  onMentions?: (mentions: readonly MentionRange[]) => void
  children?: ReactNode
}

/** What is open at the field, and of which text. */
type Opened = { of?: string; previewed?: string | undefined; emojiAnchor?: Element | undefined }

const nothingOpened: Opened = {}

/**
 * The field somebody writes in. The browser holds the text, and this is drawn again only when something around it
 * changes: neither for a key nor for a message that arrives.
 */
export function Writer(props: Props) {
  const { conversationId, group, draftKey, initial = '', describedBy, busy = false, takesFocus = false, onMentions } = props
  const client = useClient()
  const { t } = useWords()
  const [{ sendWith }] = useSettings()
  const limits = useChat((state) => state.limits)
  const field = useRef<ComposerField>(undefined)
  const [blank, setBlank] = useState(true)
  const [fill, setFill] = useState<TextFill>()
  const [opened, setOpened] = useState<Opened>(nothingOpened)
  const { previewed, emojiAnchor } = opened.of === draftKey ? opened : nothingOpened
  const setPreviewed = (text: string | undefined) => {
    setOpened({ of: draftKey, previewed: text })
  }
  const setEmojiAnchor = (anchor: Element | undefined) => {
    setOpened({ of: draftKey, previewed, emojiAnchor: anchor })
  }
  const closeAll = useCallback(() => {
    setOpened(nothingOpened)
  }, [])
  const suggestions = useSuggestions(conversationId, group)
  const { reset: resetSuggestions } = suggestions
  const listId = useId()
  const counterId = useId()
  const tooLong = fill?.tooLong === true
  const sendable = !blank && !tooLong && !busy
  /** What was last kept of this field. */
  const kept = useRef(initial)
  /** People whom the text mentions and whose names are not known yet; nobody once it was written in. */
  const unnamed = useRef<readonly string[]>([])

  const look = useCallback(
    (stored: string) => {
      setBlank(isBlank(stored))
      setFill((before) => {
        const next = textFill(stored, limits)
        return next?.left === before?.left && next?.tooLong === before?.tooLong ? before : next
      })
    },
    [limits],
  )

  const shows = useCallback(
    (stored: string) => {
      kept.current = stored
      const { names } = client.store.get()
      const written = readTokens(stored, names)
      unnamed.current = written.mentions.flatMap(({ target }) =>
        target.type === 'person' && !names.has(target.userId) ? [target.userId] : [],
      )
      if (unnamed.current.length > 0) client.people.need(unnamed.current)
      field.current?.show(written)
      onMentions?.(written.mentions)
      look(stored)
    },
    [client, look, onMentions],
  )

  const attach = useCallback(
    (element: HTMLTextAreaElement | null) => {
      if (element === null) return
      field.current = new ComposerField(element)
      shows(client.store.get().drafts.get(draftKey) ?? initial)
      return () => {
        field.current = undefined
        resetSuggestions()
        setOpened(nothingOpened)
      }
    },
    // The field is made once for what is written; `initial` is what it begins with.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
    [client, draftKey, resetSuggestions],
  )

  // The draft can be changed from elsewhere: another tab, another device, a message taken back, or it was sent.
  useEffect(() => {
    const follow = () => {
      const { drafts, names } = client.store.get()
      const stored = drafts.get(draftKey)
      if (unnamed.current.some((userId) => names.has(userId))) {
        shows(kept.current)
        return
      }
      if (stored === undefined && kept.current === initial) return
      if ((stored ?? '') !== kept.current) shows(stored ?? '')
    }
    // What has changed since the field was filled counts, too.
    follow()
    return client.store.subscribe(follow)
  }, [client, draftKey, initial, shows])

  const changed = (inputType: string) => {
    const { current } = field
    if (current === undefined) return
    current.taken(inputType)
    if (!inputType.startsWith('history') && !inputType.startsWith('delete')) suggestions.complete(current)
    keep(current)
    suggestions.update(current)
  }

  const keep = (current: ComposerField) => {
    const { stored } = current
    kept.current = stored
    unnamed.current = []
    client.drafts.change(draftKey, stored)
    client.typing.changed(conversationId, stored)
    onMentions?.(current.written.mentions)
    look(stored)
  }

  const send = () => {
    const { current } = field
    if (!sendable || current === undefined) return
    suggestions.reset()
    setPreviewed(undefined)
    props.onSend(current.stored.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd())
    current.element.focus()
  }

  const applyFormat = (kind: Format) => {
    const { current } = field
    if (current === undefined) return
    const { selectionStart: start, selectionEnd: end } = current.element
    current.replace(format(kind, { text: current.written.text, start, end }))
  }

  const pick = (key?: string) => {
    const { current } = field
    if (current === undefined) return
    suggestions.pick(current, key)
    keep(current)
  }

  /** Whether the key was for what is suggested. */
  const suggestionKey = (key: string, modified: boolean): boolean => {
    if (suggestions.current.current.shown === undefined || modified) return false
    switch (key) {
      case 'ArrowDown':
        suggestions.move(1)
        return true
      case 'ArrowUp':
        suggestions.move(-1)
        return true
      case 'Enter':
      case 'Tab':
        pick()
        return true
      case 'Escape':
        suggestions.dismiss()
        return true
      default:
        return false
    }
  }

  /** Whether the key was for the field. */
  const takesKey = (press: KeyPress): boolean => {
    if (isInputMethods(press)) return false
    if (suggestionKey(press.key, press.shiftKey || press.ctrlKey || press.altKey)) return true
    const formatted = formatOf(press)
    if (formatted !== undefined) {
      applyFormat(formatted)
      return true
    }
    if (sendsMessage(press, sendWith)) {
      send()
      return true
    }
    if (press.key === 'Escape') return props.onLeave()
    const plain = !press.shiftKey && !press.ctrlKey && !press.altKey
    return press.key === 'ArrowUp' && plain && field.current?.element.value === '' && props.onRecall?.() === true
  }

  /** Mentions go along with their text, within the chat; elsewhere it is plain text. */
  const copy = (event: React.ClipboardEvent, cut: boolean) => {
    const { current } = field
    const selected = current?.selectedMentions
    if (current === undefined || selected === undefined) return
    event.preventDefault()
    event.clipboardData.setData('text/plain', selected.text)
    event.clipboardData.setData(clipboardType, writeTokens(selected))
    if (cut) current.insert('')
  }

  const paste = (event: React.ClipboardEvent) => {
    const { current } = field
    const stored = event.clipboardData.getData(clipboardType)
    if (current === undefined || stored === '') return
    event.preventDefault()
    current.paste(readTokens(stored, client.store.get().names))
    keep(current)
  }

  const { shown } = suggestions
  return (
    <form
      className="composer-form"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Attention key={draftKey} conversationId={conversationId} field={field} takesFocus={takesFocus} answers={props.answers} onLeave={closeAll} />
      {shown !== undefined && <SuggestionList id={listId} suggestions={shown} onPick={pick} />}
      <div className="unseen" role="status">
        {shown !== undefined && t('composer.suggested', { count: shown.rows.length })}
      </div>
      <div className="composer-box">
        {props.children}
        {previewed !== undefined && (
          <div
            className="composer-preview"
            role="region"
            aria-label={t('composer.previewOf')}
            tabIndex={0}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return
              event.preventDefault()
              setPreviewed(undefined)
            }}
          >
            <Preview text={previewed} />
          </div>
        )}
        <textarea
          ref={attach}
          rows={1}
          hidden={previewed !== undefined}
          aria-label={t('composer.message')}
          placeholder={props.placeholder}
          dir="auto"
          enterKeyHint={sendWith === 'enter' ? 'send' : 'enter'}
          aria-invalid={tooLong}
          aria-describedby={[describedBy, fill === undefined ? undefined : counterId].filter(Boolean).join(' ') || undefined}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={shown === undefined ? undefined : listId}
          aria-activedescendant={shown === undefined ? undefined : optionId(listId, shown.selected)}
          onInput={(event) => {
            changed((event.nativeEvent).inputType)
          }}
          onSelect={() => {
            const { current } = field
            if (current !== undefined && suggestions.current.current.shown !== undefined) suggestions.update(current)
          }}
          onBlur={suggestions.close}
          onCopy={(event) => {
            copy(event, false)
          }}
          onCut={(event) => {
            copy(event, true)
          }}
          onPaste={paste}
          onKeyDown={(event) => {
            const { key, shiftKey, ctrlKey, metaKey, altKey } = event
            // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only sign of an input method in some browsers
            const { isComposing, keyCode } = event.nativeEvent
            if (takesKey({ key, shiftKey, ctrlKey: ctrlKey || metaKey, altKey, isComposing, keyCode })) event.preventDefault()
          }}
        />
        <div className="composer-foot">
          <Toolbar
            previewing={previewed !== undefined}
            emojiOpen={emojiAnchor !== undefined}
            onFormat={applyFormat}
            onPreview={() => {
              setPreviewed(previewed === undefined ? (field.current?.stored ?? '') : undefined)
            }}
            onEmoji={(anchor) => {
              setEmojiAnchor(emojiAnchor === undefined ? anchor : undefined)
            }}
          />
          {fill !== undefined && (
            <span id={counterId} className={tooLong ? 'counter counter-over' : 'counter'} role="status" aria-label={t('composer.left')}>
              {tooLong ? t('composer.tooLong', { count: -fill.left }) : fill.left}
            </span>
          )}
          <button type="submit" className="send" aria-label={props.sendLabel} title={props.sendLabel} aria-disabled={!sendable}>
            <Icon name="send" />
          </button>
        </div>
      </div>
      {emojiAnchor !== undefined && (
        <EmojiPlace
          anchor={emojiAnchor}
          onPick={(emoji) => {
            setEmojiAnchor(undefined)
            field.current?.insert(emoji)
          }}
          onClose={(giveFocusBack) => {
            setEmojiAnchor(undefined)
            if (giveFocusBack) field.current?.element.focus()
          }}
        />
      )}
    </form>
  )
}

type AttentionProps = {
  conversationId: string
  field: React.RefObject<ComposerField | undefined>
  takesFocus: boolean
  answers: number | undefined
  onLeave: () => void
}

/** The field has the focus when its conversation is opened. Apart from it, which is not drawn anew for that. */
function Attention({ conversationId, field, takesFocus, answers, onLeave }: AttentionProps) {
  const isOpen = useIsOpen(conversationId)
  const late = useComesLate()
  useEffect(() => {
    if (!isOpen) return
    const goneOn = late.current && isWritingElsewhere()
    // On a phone the focus would open the keyboard over what was just opened to be read.
    if (!goneOn && (takesFocus || canHover())) field.current?.element.focus({ preventScroll: true })
    return onLeave
  }, [isOpen, takesFocus, field, late, onLeave])
  useEffect(() => {
    if (answers !== undefined && isOpen) field.current?.element.focus()
    // eslint-disable-next-line react-hooks/exhaustive-deps -- whoever comes back to it has not just chosen it
  }, [answers, field])
  return null
}

function isWritingElsewhere(): boolean {
  return document.activeElement?.closest('input, textarea, dialog') != null
}
