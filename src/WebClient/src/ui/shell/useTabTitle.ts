import { useEffect } from 'react'
import { mentionsInAll } from '../../model/chatList'
import { useChat, useWords } from '../shared/hooks'

/** The tab tells how many messages are for me (W9). */
export function useTabTitle(): void {
  const { t } = useWords()
  const mentions = useChat(mentionsInAll)
  useEffect(() => {
    const title = t('shell.title')
    document.title = mentions > 0 ? `(${mentions}) ${title}` : title
    return () => {
      document.title = title
    }
  }, [mentions, t])
}
