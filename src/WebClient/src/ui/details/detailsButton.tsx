import { useWords } from '../shared/hooks'
import { IconButton } from '../shared/icon'
import { usePane, useRouter } from '../shell/route'

/** Opens and closes the details of the open conversation. */
export function DetailsButton() {
  const { t } = useWords()
  const router = useRouter()
  const pane = usePane()
  return (
    <IconButton
      icon="details"
      label={t('details.open')}
      aria-pressed={pane === 'details'}
      onClick={() => {
        if (pane === 'details') router.closePane()
        else router.openPane('details')
      }}
    />
  )
}
