import { type ReactNode, useState } from 'react'
import { Ask } from '../shared/ask'
import { useClient, useWords } from '../shared/hooks'
import { useNotices } from '../shared/notices'

/** Signing out, where it is for the person to do; what has not been sent is asked about first. */
export function useSignOut(onSignOut: (() => Promise<void>) | undefined): { signOut: (() => void) | undefined; question: ReactNode } {
  const { t } = useWords()
  const client = useClient()
  const notices = useNotices()
  const [asking, setAsking] = useState<{ unsent: number }>()
  if (onSignOut === undefined) return { signOut: undefined, question: null }

  const leave = () => {
    const { outbox } = client.store.get()
    client.drafts.flush()
    onSignOut().then(
      () => {
        for (const entry of outbox) client.discard(entry.clientId)
        client.drafts.forget()
      },
      () => {
        notices.show({ text: t('shell.signOutFailed'), urgent: true })
      },
    )
  }
  const signOut = () => {
    const unsent = client.store.get().outbox.filter((entry) => entry.status.type !== 'sent').length
    if (unsent > 0) setAsking({ unsent })
    else leave()
  }
  const question = asking !== undefined && (
    <Ask
      title={t('shell.unsentTitle')}
      text={t('shell.unsent', { count: asking.unsent })}
      confirm={t('shell.unsentDiscard')}
      onConfirm={leave}
      onClose={() => {
        setAsking(undefined)
      }}
    />
  )
  return { signOut, question }
}
