import { useCallback, useEffect, useState } from 'react'
import type { ConversationState } from '../../model/conversation'
import type { Member } from '../../protocol/wire'
import { PresenceDot } from '../presence/presenceDot'
import { usePresence } from '../presence/usePresence'
import { Ask } from '../shared/ask'
import { Avatar } from '../shared/avatar'
import { useChat, useClient, useConnected, usePermission, useWords } from '../shared/hooks'
import { Icon } from '../shared/icon'
import { laterDialog } from '../shared/later'
import { MenuButton, type MenuItem } from '../shared/menu'
import { useRouter } from '../shell/route'
import { useRefusal } from './useRefusal'

const AddMembers = laterDialog(async () => (await import('./addMembers')).AddMembers)

/** The members of a group, read anew whenever somebody comes or goes. */
export function MemberList({ conversation }: { conversation: ConversationState }) {
  const { t } = useWords()
  const client = useClient()
  const connected = useConnected()
  const mayChange = usePermission('chat.group.members')
  const [members, setMembers] = useState<readonly Member[]>([])
  const [count, setCount] = useState<number>()
  const [next, setNext] = useState<string>()
  const [adding, setAdding] = useState(false)
  const { id, membersRev } = conversation

  const read = useCallback(
    async (after: string | undefined, stillWanted: () => boolean) => {
      const page = await client.members.read(id, after)
      if (page === undefined || !stillWanted()) return
      setMembers((before) => (after === undefined ? page.members : [...before, ...page.members]))
      setCount(page.count)
      setNext(page.next)
    },
    [client, id],
  )

  useEffect(() => {
    if (!connected) return
    let wanted = true
    // eslint-disable-next-line react-hooks/set-state-in-effect -- set when the answer is here, not now
    void read(undefined, () => wanted)
    return () => {
      wanted = false
    }
  }, [read, connected, membersRev])

  return (
    <section className="details-part" aria-label={t('details.memberList')}>
      <div className="details-head">
        <h3>{count === undefined ? t('details.memberList') : t('details.members', { count })}</h3>
        {mayChange && (
          <button
            type="button"
            className="with-icon"
            onClick={() => {
              setAdding(true)
            }}
          >
            <Icon name="add" /> {t('details.add')}
          </button>
        )}
      </div>
      <ul className="people" role="list" aria-label={t('details.memberList')}>
        {members.map((member) => (
          <MemberRow key={member.userId} member={member} conversationId={id} mayRemove={mayChange} />
        ))}
      </ul>
      {next !== undefined && (
        <button type="button" className="pane-more" onClick={() => void read(next, () => true)}>
          {t('details.moreMembers')}
        </button>
      )}
      {adding && (
        <AddMembers
          conversation={conversation}
          members={new Set(members.map((member) => member.userId))}
          onClose={() => {
            setAdding(false)
          }}
        />
      )}
    </section>
  )
}

type RowProps = { member: Member; conversationId: string; mayRemove: boolean }

function MemberRow({ member, conversationId, mayRemove }: RowProps) {
  const { t } = useWords()
  const client = useClient()
  const router = useRouter()
  const refuse = useRefusal()
  const me = useChat((state) => state.me.userId)
  const [removing, setRemoving] = useState(false)
  const { userId, name, role, active } = member
  const items = () => {
    const offered: MenuItem[] = [
      {
        label: t('details.message', { name }),
        icon: 'reply',
        onChoose: () => {
          void client.people.find(name, 200).then((people) => {
            const found = people?.find((person) => person.userId === userId)
            if (found === undefined) return
            client.openConversation(found.conversationId, { userId, name })
            router.openConversation(found.conversationId)
          })
        },
      },
    ]
    if (mayRemove) {
      offered.push({
        label: t('details.remove', { name }),
        icon: 'trash',
        danger: true,
        onChoose: () => {
          setRemoving(true)
        },
      })
    }
    return offered
  }
  const remove = () => {
    void client.groups.removeMember(conversationId, userId).then((answer) => {
      if (!answer.ok) refuse(answer.error.code)
    })
  }
  return (
    <li className="member" data-active={active}>
      <span className="avatar-place">
        <Avatar id={userId} name={name} small />
        {active && <MemberDot userId={userId} />}
      </span>
      <span className="person-name one-line" dir="auto">
        {userId === me ? t('shared.you', { name }) : name}
      </span>
      <span className="muted">{active ? t('shared.role', { role }) : t('details.inactive')}</span>
      {userId !== me && (
        <MenuButton label={t('details.memberActions', { name })} items={items}>
          <Icon name="more" />
        </MenuButton>
      )}
      {removing && (
        <Ask
          title={t('details.remove', { name })}
          text={t('details.removeAsk', { name })}
          confirm={t('details.remove', { name })}
          onConfirm={remove}
          onClose={() => {
            setRemoving(false)
          }}
        />
      )}
    </li>
  )
}

/** Watched only while the row is there (P6). */
function MemberDot({ userId }: { userId: string }) {
  return <PresenceDot state={usePresence(userId).state} />
}
