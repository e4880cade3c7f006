import { languages } from '../../i18n/words'
import { play } from '../notifications/sounds'
import { useChat, useClient, useConnected, useWords } from '../shared/hooks'
import { Modal } from '../shared/modal'
import { useNotices } from '../shared/notices'
import { useSettings } from './settings'

/** What somebody chooses for this browser, and what the server keeps for all of them. Each choice holds at once. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const [settings, change] = useSettings()
  return (
    <Modal title={t('settings.open')} onClose={onClose} className="settings">
      <fieldset className="settings-group">
        <legend>{t('settings.here')}</legend>
        <Choice
          label={t('settings.theme')}
          value={settings.theme}
          options={(['system', 'light', 'dark'] as const).map((choice) => [choice, t('settings.themeChoice', { choice })])}
          onChange={(theme) => {
            change({ theme })
          }}
        />
        <Choice
          label={t('settings.language')}
          value={settings.language}
          options={[['system', t('settings.languageSystem')], ...languages.map(({ tag, name }) => [tag, name] as const)]}
          onChange={(language) => {
            change({ language })
          }}
        />
        <Choice
          label={t('settings.sendWith')}
          value={settings.sendWith}
          options={(['enter', 'ctrlEnter'] as const).map((choice) => [choice, t('settings.sendWithChoice', { choice })])}
          onChange={(sendWith) => {
            change({ sendWith })
          }}
        />
        <Choice
          label={t('settings.listOrder')}
          value={settings.listOrder}
          options={(['unreadFirst', 'recent'] as const).map((choice) => [
            choice,
            t('settings.listOrderChoice', { choice }),
          ])}
          onChange={(listOrder) => {
            change({ listOrder })
          }}
        />
        <Choice
          label={t('settings.sound')}
          value={settings.sound}
          options={(['none', 'soft', 'bell'] as const).map((choice) => [choice, t('settings.soundChoice', { choice })])}
          onChange={(sound) => {
            change({ sound })
            play(sound, true)
          }}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={settings.popups}
            onChange={(event) => {
              change({ popups: event.target.checked })
            }}
          />
          {t('settings.popups')}
        </label>
      </fieldset>
      <ShowTyping />
    </Modal>
  )
}

type ChoiceProps<T extends string> = {
  label: string
  value: T
  options: readonly (readonly [value: T, label: string])[]
  onChange: (value: T) => void
}

function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <label className="field">
      {label}
      <select
        value={value}
        onChange={(event) => {
          const chosen = options[event.target.selectedIndex]
          if (chosen !== undefined) onChange(chosen[0])
        }}
      >
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  )
}

/** The server keeps it (T7): without a connection it cannot be chosen. */
function ShowTyping() {
  const { t } = useWords()
  const client = useClient()
  const notices = useNotices()
  const connected = useConnected()
  const shown = useChat((state) => state.status?.showTyping ?? true)

  const choose = async (showTyping: boolean) => {
    const answer = await client.presence.setShowTyping(showTyping)
    if (!answer.ok) notices.show({ text: t('shared.refused', { code: answer.error.code }), urgent: true })
  }

  return (
    <fieldset className="settings-group">
      <legend>{t('settings.everywhere')}</legend>
      <label className="check">
        <input
          type="checkbox"
          checked={shown}
          disabled={!connected}
          onChange={(event) => void choose(event.target.checked)}
        />
        {t('settings.showTyping')}
      </label>
    </fieldset>
  )
}
