import { useWords } from '../shared/hooks'
import { Icon, IconButton } from '../shared/icon'
import { MenuButton } from '../shared/menu'
import { type Pane, usePane, useRouter } from './route'
import { type Overlay, useMarkAllRead } from './shortcuts'

/** The ways to everything that is no conversation. */
export function ViewButtons({ onShow }: { onShow: (overlay: Overlay) => void }) {
  const { t } = useWords()
  const router = useRouter()
  const pane = usePane()
  const markAllRead = useMarkAllRead()
  const toggle = (wanted: Pane) => {
    if (pane === wanted) router.closePane()
    else router.openPane(wanted)
  }
  return (
    <div className="view-buttons">
      <IconButton
        icon="list"
        label={t('switcher.open')}
        onClick={() => {
          onShow('switcher')
        }}
      />
      <IconButton
        icon="at"
        label={t('mentions.open')}
        aria-pressed={pane === 'mentions'}
        onClick={() => {
          toggle('mentions')
        }}
      />
      <IconButton
        icon="search"
        label={t('search.open')}
        aria-pressed={pane === 'search'}
        onClick={() => {
          toggle('search')
        }}
      />
      <MenuButton
        label={t('shared.more')}
        items={() => [
          { label: t('inbox.markAllRead'), icon: 'check', onChoose: markAllRead },
          {
            label: t('help.open'),
            icon: 'code',
            onChoose: () => {
              onShow('help')
            },
          },
        ]}
      >
        <Icon name="more" />
      </MenuButton>
    </div>
  )
}
