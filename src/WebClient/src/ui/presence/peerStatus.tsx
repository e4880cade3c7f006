import { useEffect, useRef, useState } from 'react'
import type { ConversationState } from '../../model/conversation'
import { useChat, useClient, useConnected, useIsOpen, useNow, useWords } from '../shared/hooks'
import { whenIdle } from '../shared/whenIdle'
import { PresenceDot } from './presenceDot'
import { presenceWords } from './presenceWords'
import { usePresence } from './usePresence'

const minuteMs = 60_000

/** What the header says below the conversation's name: of a person how they are seen, of a group how many belong to it. */
export function PeerStatus({ conversation }: { conversation: ConversationState }) {
  const peer = conversation.summary?.peer ?? conversation.virtualPeer
  const me = useChat((state) => state.me.userId)
  if (peer !== undefined) return peer.userId === me ? null : <PersonStatus userId={peer.userId} />
  return conversation.summary?.kind === 'group' ? <MemberCount key={conversation.id} conversation={conversation} /> : null
}

function PersonStatus({ userId }: { userId: string }) {
  const words = useWords()
  const now = useNow(minuteMs)
  const presence = usePresence(userId)
  const left = useChat((state) => state.directory.get(userId)?.active === false)
  if (left) return <span className="peer-status">{words.t('presence.deactivated')}</span>
  if (presence.state === 'unknown') return null
  return (
    <span className="peer-status">
      <PresenceDot state={presence.state} named={false} />
      <span>{presenceWords(presence, now, words)}</span>
    </span>
  )
}

/** Asked for anew when somebody was added, was removed or has left, and the conversation is looked at. */
function MemberCount({ conversation: { id, membersRev } }: { conversation: ConversationState }) {
  const { t } = useWords()
  const client = useClient()
  const connected = useConnected()
  const isOpen = useIsOpen(id)
  /** Of what state of the group the number is. */
  const known = useRef<{ membersRev: number | undefined }>(undefined)
  const [count, setCount] = useState<number>()

  useEffect(() => {
    // What has happened meanwhile nobody tells.
    if (!connected) known.current = undefined
    if (!connected || !isOpen || (known.current !== undefined && known.current.membersRev === membersRev)) return
    let current = true
    const forget = whenIdle(() => {
      void client.members.count(id).then((answer) => {
        if (!current || answer === undefined) return
        known.current = { membersRev }
        setCount(answer)
      })
    })
    return () => {
      current = false
      forget()
    }
  }, [client, id, connected, isOpen, membersRev])

  return count === undefined ? null : <span className="peer-status">{t('presence.members', { count })}</span>
}

/** Whether nobody reads what is written here any more: the other person was deactivated (C13). */
export function usePeerLeft(conversation: ConversationState | undefined): boolean {
  const peer = conversation?.summary?.peer ?? conversation?.virtualPeer
  return useChat((state) => peer !== undefined && state.directory.get(peer.userId)?.active === false)
}

/** Stands where the composer stands otherwise. */
export function PeerLeftNotice({ name }: { name: string }) {
  const { t } = useWords()
  return (
    <p className="peer-left" role="note">
      {t('presence.peerLeft', { name })}
    </p>
  )
}
