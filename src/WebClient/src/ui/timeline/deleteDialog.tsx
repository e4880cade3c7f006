import type { Message } from '../../protocol/wire'
import { Ask } from '../shared/ask'
import { useWords } from '../shared/hooks'

type Props = { message: Message; own: boolean; onDelete: () => void; onClose: () => void }

/** Asks once: what is deleted does not come back. */
export function DeleteDialog({ message, own, onDelete, onClose }: Props) {
  const { t } = useWords()
  return (
    <Ask
      title={t('timeline.deleteTitle')}
      text={own ? t('timeline.deleteOwn') : t('timeline.deleteOthers', { author: message.author.name })}
      confirm={t('timeline.delete')}
      onConfirm={onDelete}
      onClose={onClose}
    />
  )
}
