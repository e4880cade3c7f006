import { memo, useRef } from 'react'
import { useWords } from '../shared/hooks'
import { Icon, type IconName } from '../shared/icon'
import type { Format } from './formatting'

const formats: readonly Format[] = ['bold', 'italic', 'strike', 'code', 'quote', 'list', 'link']

type Props = {
  previewing: boolean
  emojiOpen: boolean
  onFormat: (format: Format) => void
  onPreview: () => void
  onEmoji: (anchor: Element) => void
}

/** One stop for the Tab key; arrows move within. Clicking leaves the focus, and the selection, in the field. */
export const Toolbar = memo(function Toolbar({ previewing, emojiOpen, onFormat, onPreview, onEmoji }: Props) {
  const { t } = useWords()
  const bar = useRef<HTMLDivElement>(null)

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft' && event.key !== 'Home' && event.key !== 'End') return
    const buttons = [...(bar.current?.querySelectorAll('button') ?? [])].filter((button) => !button.disabled)
    const here = buttons.findIndex((button) => button === document.activeElement)
    const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    const there =
      event.key === 'Home' ? 0 : event.key === 'End' ? buttons.length - 1 : here + (event.key === forward ? 1 : -1) + buttons.length
    const next = buttons[there % buttons.length]
    event.preventDefault()
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1
    next?.focus()
  }

  return (
    <div
      ref={bar}
      className="composer-tools"
      role="toolbar"
      aria-label={t('composer.formatting')}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.preventDefault()
      }}
    >
      {formats.map((format, index) => (
        <Tool
          key={format}
          icon={format}
          label={t('composer.format', { format })}
          first={index === 0}
          disabled={previewing}
          onClick={() => {
            onFormat(format)
          }}
        />
      ))}
      <Tool icon="preview" label={t('composer.preview')} first={previewing} pressed={previewing} onClick={onPreview} />
      <Tool icon="emoji" label={t('composer.emoji')} expanded={emojiOpen} disabled={previewing} onClick={onEmoji} />
    </div>
  )
})

type ToolProps = {
  icon: IconName
  label: string
  first?: boolean
  disabled?: boolean
  pressed?: boolean
  expanded?: boolean
  onClick: (button: Element) => void
}

function Tool({ icon, label, first = false, disabled = false, pressed, expanded, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      aria-haspopup={expanded === undefined ? undefined : 'dialog'}
      aria-expanded={expanded}
      disabled={disabled}
      tabIndex={first ? 0 : -1}
      onClick={(event) => {
        onClick(event.currentTarget)
      }}
    >
      <Icon name={icon} size={17} />
    </button>
  )
}
