import type { ErrorCode } from '../../protocol/wire'
import { useWords } from '../shared/hooks'
import { useNotices } from '../shared/notices'

/** Tells why something about a conversation was refused. */
export function useRefusal(): (code: ErrorCode) => void {
  const { t } = useWords()
  const notices = useNotices()
  return (code) => {
    notices.show({ text: t('details.refused', { code }), urgent: true })
  }
}
