import { useWords } from '../shared/hooks'

/** How far a message of mine has come. */
export function Status({ status }: { status: 'sending' | 'sent' | 'failed' }) {
  const { t } = useWords()
  const label = t('timeline.status', { status })
  return (
    <span className={`status status-${status}`} role="img" aria-label={label} title={label}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path d={paths[status]} />
      </svg>
    </span>
  )
}

const paths = {
  sending: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 5v3.2l2.2 1.4',
  sent: 'M3 8.5l3.4 3.4L13 5',
  failed: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 5v3.6M8 10.6v.6',
} as const
