import { useChat, useWords } from '../shared/hooks'
import { typingWords } from './presenceWords'

/**
 * Who writes in the conversation. It has its height also when nobody does, so that nothing jumps; it can be read, but is
 * not read out: somebody writes all the time.
 */
export function TypingLine({ conversationId }: { conversationId: string }) {
  const words = useWords()
  const text = useChat((state) => typingWords(state, conversationId, words))
  return (
    <div className="typing-line" role="status" aria-live="off" aria-label={words.t('presence.typing')}>
      {text !== '' && (
        <>
          <TypingDots />
          {text}
        </>
      )}
    </div>
  )
}

export function TypingDots() {
  return (
    <span className="typing-dots" aria-hidden="true">
      <span />
      <span />
      <span />
    </span>
  )
}
