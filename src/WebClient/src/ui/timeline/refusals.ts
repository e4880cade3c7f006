import type { Words } from '../../i18n/words'
import type { WireError } from '../../protocol/wire'

/** Why something with a message did not work, for the person who tried. */
export function refusalWords({ code }: WireError, words: Words): string {
  const own = words.t('timeline.refused', { code })
  return own === '' ? words.t('shared.refused', { code }) : own
}
