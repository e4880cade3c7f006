import { useId, useState } from 'react'
import { titleProblem } from '../../model/groupTitle'
import type { ErrorCode, FoundPerson } from '../../protocol/wire'
import { PeoplePicker } from '../people/peoplePicker'
import { useChat, useClient, useWords } from '../shared/hooks'
import { Modal } from '../shared/modal'
import { useRouter } from '../shell/route'

type Kind = 'direct' | 'group'
type Props = { direct: boolean; group: boolean; onClose: () => void }

/** Begins a conversation with one person, or a group of several. */
export function NewConversation({ direct, group, onClose }: Props) {
  const { t } = useWords()
  const [kind, setKind] = useState<Kind>(direct ? 'direct' : 'group')
  const name = useId()
  return (
    <Modal title={t('conversations.begin')} onClose={onClose}>
      {direct && group && (
        <fieldset className="segments">
          <legend className="unseen">{t('conversations.kind')}</legend>
          {(['direct', 'group'] as const).map((choice) => (
            <label key={choice} className="segment">
              <input
                type="radio"
                name={name}
                checked={choice === kind}
                onChange={() => {
                  setKind(choice)
                }}
              />
              {t('conversations.kindChoice', { choice })}
            </label>
          ))}
        </fieldset>
      )}
      {kind === 'direct' ? <NewDirect onClose={onClose} /> : <NewGroup onClose={onClose} />}
    </Modal>
  )
}

/** Whom it is with is all that there is to say: picking opens it. */
function NewDirect({ onClose }: { onClose: () => void }) {
  const client = useClient()
  const router = useRouter()
  const open = ([person]: readonly FoundPerson[]) => {
    if (person === undefined) return
    onClose()
    client.openConversation(person.conversationId, { userId: person.userId, name: person.name })
    router.openConversation(person.conversationId)
  }
  return <PeoplePicker picked={[]} onPick={open} />
}

function NewGroup({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const client = useClient()
  const router = useRouter()
  const me = useChat((state) => state.me.userId)
  const [title, setTitle] = useState('')
  const [members, setMembers] = useState<readonly FoundPerson[]>([])
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<ErrorCode>()
  const problem = titleProblem(title)
  const ready = problem === undefined && members.length > 0

  const create = async () => {
    setBusy(true)
    const userIds = members.map((person) => person.userId)
    const answer = await client.groups.create(title, userIds)
    setBusy(false)
    if (answer.ok) {
      onClose()
      router.openConversation(answer.conversationId)
    } else setRefused(answer.error.code)
  }

  return (
    <form
      className="new-group"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready && !busy) void create()
      }}
    >
      <label className="field">
        {t('conversations.groupName')}
        <input
          type="text"
          dir="auto"
          placeholder=" "
          autoComplete="off"
          value={title}
          aria-invalid={title !== '' && problem !== undefined}
          onChange={(event) => {
            setTitle(event.target.value)
          }}
        />
      </label>
      {title !== '' && problem !== undefined && (
        <p className="problem" role="status">
          {t('conversations.titleProblem', { problem })}
        </p>
      )}
      <PeoplePicker
        picked={members}
        onPick={setMembers}
        refusal={(person) => (person.userId === me ? t('conversations.youBelong') : undefined)}
      />
      {refused !== undefined && (
        <p className="problem" role="alert">
          {t('details.refused', { code: refused })}
        </p>
      )}
      <div className="modal-actions">
        <button type="submit" className="primary" disabled={!ready || busy}>
          {t('conversations.createGroup')}
        </button>
      </div>
    </form>
  )
}
