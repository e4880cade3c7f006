import { isBlank } from '../../model/textRules'
import { useChat, useWords } from '../shared/hooks'
import { RichText } from '../text/richText'

/** What was written as everybody will see it. */
export function Preview({ text }: { text: string }) {
  const { t } = useWords()
  const names = useChat((state) => state.names)
  if (isBlank(text)) return <p className="muted">{t('composer.nothing')}</p>
  return <RichText text={text} names={names} me={undefined} mentions="any" />
}
