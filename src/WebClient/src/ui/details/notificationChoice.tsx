import type { ConversationState, Summary } from '../../model/conversation'
import type { NotificationLevel } from '../../protocol/wire'
import { useClient, useNow, useWords } from '../shared/hooks'
import { Icon } from '../shared/icon'
import { MenuButton, type MenuItem } from '../shared/menu'
import { exactWords } from '../shared/times'
import { useRefusal } from './useRefusal'

const hourMs = 3_600_000
const levels: readonly NotificationLevel[] = ['default', 'all', 'mentions', 'nothing']
const levelWords = {
  default: 'details.levelDefault',
  all: 'details.levelAll',
  mentions: 'details.levelMentions',
  nothing: 'details.levelNothing',
} as const

/** Which messages notify me, and a mute that ends by itself or not (N7). */
export function NotificationChoice({ conversation, summary }: { conversation: ConversationState; summary: Summary }) {
  const words = useWords()
  const { t } = words
  const client = useClient()
  const refuse = useRefusal()
  const now = useNow(30_000)
  const { id, kind, level } = summary
  const { mutedFrom, mutedUntil } = conversation.unread ?? {}
  const muted = isMuted(mutedFrom, mutedUntil, now)

  const mute = (until: number | undefined) => {
    const end = until === undefined ? {} : { mutedUntil: new Date(until).toISOString() }
    void client.inbox.setMute(id, { mute: 'on', ...end }).then((worked) => {
      if (!worked) refuse('unavailable')
    })
  }
  const items = (): MenuItem[] => [
    { label: t('details.muteHour'), onChoose: () => { mute(Date.now() + hourMs) } },
    { label: t('details.muteEight'), onChoose: () => { mute(Date.now() + 8 * hourMs) } },
    { label: t('details.muteTomorrow'), onChoose: () => { mute(tomorrowMorning(new Date())) } },
    { label: t('details.muteAlways'), onChoose: () => { mute(undefined) } },
  ]

  return (
    <section className="details-part" aria-label={t('details.notifications')}>
      <label className="field">
        {t('details.level')}
        <select
          value={level}
          onChange={(event) => {
            void client.inbox.setLevel(id, event.target.value as NotificationLevel).then((worked) => {
              if (!worked) refuse('unavailable')
            })
          }}
        >
          {levels.map((choice) => (
            <option key={choice} value={choice}>
              {t(levelWords[choice], { kind })}
            </option>
          ))}
        </select>
      </label>
      {muted ? (
        <>
          <p>
            {mutedUntil === undefined ? t('details.muted') : t('details.mutedUntil', { time: exactWords(mutedUntil, words) })}{' '}
            <span className="muted">{t('details.muteHint')}</span>
          </p>
          <button
            type="button"
            onClick={() => {
              void client.inbox.setMute(id, { mute: 'off' }).then((worked) => {
                if (!worked) refuse('unavailable')
              })
            }}
          >
            {t('details.unmute')}
          </button>
        </>
      ) : (
        <MenuButton label={t('details.muteFor')} items={items} className="with-icon">
          <Icon name="bellOff" /> {t('details.mute')}
        </MenuButton>
      )}
    </section>
  )
}

function isMuted(from: string | undefined, until: string | undefined, now: number): boolean {
  return from !== undefined && (until === undefined || Date.parse(until) > now)
}

/** Eight o'clock of the next day, in the reader's zone. */
export function tomorrowMorning(now: Date): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 8).getTime()
}
