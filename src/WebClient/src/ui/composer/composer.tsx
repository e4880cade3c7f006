import { useEffect, useLayoutEffect, useRef } from 'react'
import { isBlank, textFill } from '../../model/textRules'
import { sendsMessage } from './composerKeys'
import { useChat, useClient, useWords } from '../shared/hooks'
import { Icon } from '../shared/icon'

const tallestPx = 220

export function Composer({ conversationId, title }: { conversationId: string; title: string }) {
  const client = useClient()
  const { t } = useWords()
  const limits = useChat((state) => state.limits)
  const text = useChat((state) => state.drafts.get(conversationId) ?? '')
  const field = useRef<HTMLTextAreaElement>(null)
  const fill = textFill(text, limits)
  const sendable = !isBlank(text) && fill?.tooLong !== true

  useLayoutEffect(() => {
    const element = field.current
    if (element === null) return
    element.style.height = 'auto'
    element.style.height = `${Math.min(element.scrollHeight + 2, tallestPx)}px`
  }, [text])

  useEffect(() => {
    // On a phone the focus would open the keyboard over what was just opened to be read.
    if (window.matchMedia('(hover: hover)').matches) field.current?.focus()
  }, [])

  const send = () => {
    if (!sendable) return
    client.write(conversationId, text)
    field.current?.focus()
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div className="composer-box">
        <textarea
          ref={field}
          rows={1}
          aria-label={t('composer.message')}
          placeholder={t('composer.placeholder', { title })}
          dir="auto"
          value={text}
          aria-invalid={fill?.tooLong === true}
          onChange={(event) => {
            client.drafts.change(conversationId, event.target.value)
          }}
          onKeyDown={(event) => {
            const { key, shiftKey } = event
            // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only sign of an input method in some browsers
            const { isComposing, keyCode } = event.nativeEvent
            if (!sendsMessage({ key, shiftKey, isComposing, keyCode })) return
            event.preventDefault()
            send()
          }}
        />
        {fill !== undefined && (
          <span className={fill.tooLong ? 'counter counter-over' : 'counter'} role="status" aria-label={t('composer.left')}>
            {fill.left}
          </span>
        )}
        <button type="submit" className="send" aria-label={t('composer.send')} aria-disabled={!sendable}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  )
}
