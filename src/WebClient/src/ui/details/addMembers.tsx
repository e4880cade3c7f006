import { useState } from 'react'
import type { ConversationState } from '../../model/conversation'
import type { FoundPerson } from '../../protocol/wire'
import { conversationTitle } from '../conversations/titles'
import { PeoplePicker } from '../people/peoplePicker'
import { useChat, useClient, useWords } from '../shared/hooks'
import { Modal } from '../shared/modal'
import { useRefusal } from './useRefusal'

type Props = {
  conversation: ConversationState
  /** Those who are known to belong to it: whoever is not on the list yet is simply not added twice. */
  members: ReadonlySet<string>
  onClose: () => void
}

/** Finds people and adds them to a group, all at once. */
export function AddMembers({ conversation, members, onClose }: Props) {
  const words = useWords()
  const { t } = words
  const client = useClient()
  const refuse = useRefusal()
  const me = useChat((state) => state.me.userId)
  const [picked, setPicked] = useState<readonly FoundPerson[]>([])
  const [busy, setBusy] = useState(false)

  const add = () => {
    setBusy(true)
    const userIds = picked.map((person) => person.userId)
    void client.groups.addMembers(conversation.id, userIds).then((answer) => {
      setBusy(false)
      if (answer.ok) onClose()
      else refuse(answer.error.code)
    })
  }

  return (
    <Modal title={t('details.adding', { title: conversationTitle(conversation, me, words) })} onClose={onClose}>
      <PeoplePicker
        picked={picked}
        onPick={setPicked}
        refusal={(person) => (members.has(person.userId) ? t('details.isMember') : undefined)}
      />
      <div className="modal-actions">
        <button type="button" className="primary" disabled={picked.length === 0 || busy} onClick={add}>
          {t('details.addSelected', { count: picked.length })}
        </button>
      </div>
    </Modal>
  )
}
