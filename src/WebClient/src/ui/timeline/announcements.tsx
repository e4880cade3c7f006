import type { Timeline } from '../../model/timeline'
import { useWords } from '../shared/hooks'
import { useAnnouncements } from './useAnnouncements'

type Props = { timeline: Timeline; names: ReadonlyMap<string, string>; me: string }

/** What comes while the conversation is in front, for who listens to it. */
export function Announcements({ timeline, names, me }: Props) {
  const words = useWords()
  const spoken = useAnnouncements(timeline, names, me, words)
  return (
    <div className="unseen" aria-live="polite">
      {spoken}
    </div>
  )
}
