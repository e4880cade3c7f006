import type { Message, WireError } from '../../protocol/wire'
import { useChat, useClient, useWords } from '../shared/hooks'
import { useNotices } from '../shared/notices'
import { formatRoute } from '../shell/route'
import { mentionText } from '../text/mentionText'
import { refusalWords } from './refusals'

export type MessageDialog = { type: 'versions' | 'why' | 'delete'; seq: number }

export type MessageActions = {
  toggleReaction: (message: Message, emoji: string) => void
  reply: (message: Message) => void
  edit: (message: Message) => void
  copyText: (message: Message) => void
  copyLink: (message: Message) => void
  markUnread: (seq: number) => void
  remove: (message: Message) => void
}

/** What is done with a message of the open conversation; a refusal is told in words. */
export function useMessageActions(conversationId: string): MessageActions {
  const client = useClient()
  const words = useWords()
  const notices = useNotices()
  const names = useChat((state) => state.names)
  const { t } = words
  const { messages, store } = client

  const tell = (error: WireError | undefined) => {
    if (error !== undefined) notices.show({ text: refusalWords(error, words), urgent: true })
  }
  const copy = (text: string, done: string) => {
    navigator.clipboard.writeText(text).then(
      () => {
        notices.show({ text: done })
      },
      () => {
        notices.show({ text: t('timeline.copyFailed'), urgent: true })
      },
    )
  }

  return {
    toggleReaction: ({ seq, reactions }, emoji) => {
      const mine = reactions?.find((reaction) => reaction.emoji === emoji)?.mine === true
      void messages.react(conversationId, seq, emoji, !mine).then((answer) => {
        if (!answer.ok) tell(answer.error)
      })
    },
    reply: (message) => {
      store.dispatch({ type: 'replyChosen', conversationId, message })
    },
    edit: (message) => {
      store.dispatch({ type: 'editChosen', conversationId, message })
    },
    copyText: ({ text }) => {
      copy(mentionText(text, names), t('timeline.textCopied'))
    },
    copyLink: ({ seq }) => {
      const { origin, pathname } = window.location
      copy(`${origin}${pathname}${formatRoute({ conversationId, seq })}`, t('timeline.linkCopied'))
    },
    markUnread: (seq) => {
      void messages.markUnread(conversationId, seq).then((error) => {
        if (error === undefined) notices.show({ text: t('timeline.markedUnread') })
        else tell(error)
      })
    },
    remove: ({ seq }) => {
      void messages.delete(conversationId, seq).then((answer) => {
        if (answer.ok) notices.announce(t('timeline.deletedDone'))
        else tell(answer.error)
      })
    },
  }
}
