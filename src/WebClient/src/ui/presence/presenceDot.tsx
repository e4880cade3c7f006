import type { PresenceState } from '../../protocol/wire'
import { useWords } from '../shared/hooks'

/**
 * How somebody is seen, by shape as well as by colour: a disc, a clock's hands, a bar, a ring; a broken ring where
 * nobody can say.
 */
export function PresenceDot({ state, named = true }: { state: PresenceState; named?: boolean }) {
  const { t } = useWords()
  const name = named ? ({ role: 'img', 'aria-label': t('presence.state', { state }) } as const) : { 'aria-hidden': true }
  return (
    <svg className="presence-dot" data-state={state} viewBox="0 0 12 12" width="12" height="12" {...name}>
      <circle className="presence-dot-edge" cx="6" cy="6" r="6" />
      <circle className="presence-dot-disc" cx="6" cy="6" r="3.75" />
      {state === 'away' && <path className="presence-dot-sign" d="M6 3.6V6h1.8" />}
      {state === 'dnd' && <path className="presence-dot-sign" d="M4.2 6h3.6" />}
    </svg>
  )
}
