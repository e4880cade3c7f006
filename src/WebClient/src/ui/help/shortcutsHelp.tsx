import type { MessageKey } from '../../i18n/words'
import { useSettings } from '../settings/settings'
import { useWords } from '../shared/hooks'
import { Modal } from '../shared/modal'

type Line = { keys: string[][]; words: MessageKey }

/** Every shortcut, as it is in force (W1). */
export function ShortcutsHelp({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const [{ sendWith }] = useSettings()
  const enterSends = sendWith === 'enter'
  const parts: { heading: MessageKey; lines: Line[] }[] = [
    {
      heading: 'help.writing',
      lines: [
        { keys: [enterSends ? ['Enter'] : ['Ctrl', 'Enter']], words: 'help.send' },
        { keys: [enterSends ? ['Shift', 'Enter'] : ['Enter']], words: 'help.newline' },
        { keys: [['↑']], words: 'help.editLast' },
        { keys: [['Ctrl', 'B']], words: 'help.bold' },
        { keys: [['Ctrl', 'I']], words: 'help.italic' },
        { keys: [['Ctrl', 'Shift', 'C']], words: 'help.code' },
      ],
    },
    {
      heading: 'help.moving',
      lines: [
        { keys: [['Ctrl', 'K']], words: 'help.switcher' },
        { keys: [['Alt', '↑'], ['Alt', '↓']], words: 'help.nextConversation' },
        { keys: [['Alt', 'Shift', '↑'], ['Alt', 'Shift', '↓']], words: 'help.nextUnread' },
        { keys: [['Ctrl', 'Shift', 'M']], words: 'help.mentions' },
        { keys: [['Ctrl', 'F']], words: 'help.searchHere' },
        { keys: [['Ctrl', '/'], ['?']], words: 'help.help' },
      ],
    },
    {
      heading: 'help.reading',
      lines: [
        { keys: [['Esc']], words: 'help.escape' },
        { keys: [['Shift', 'Esc']], words: 'help.allRead' },
        { keys: [['Alt', t('help.click')]], words: 'help.unreadFromHere' },
      ],
    },
  ]
  return (
    <Modal title={t('help.title')} onClose={onClose}>
      {parts.map(({ heading, lines }) => (
        <section key={heading} className="help-part">
          <h3>{t(heading)}</h3>
          <dl className="help-lines">
            {lines.map(({ keys, words }) => (
              <div key={words}>
                <dt>
                  {keys.map((combination) => (
                    <span key={combination.join('+')} className="help-keys">
                      {combination.map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </span>
                  ))}
                </dt>
                <dd>{t(words)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  )
}
