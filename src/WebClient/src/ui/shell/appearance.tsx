import { type ReactNode, useEffect, useState } from 'react'
import { en } from '../../i18n/en'
import { english, languageFor, languages, Words } from '../../i18n/words'
import { WordsContext } from '../shared/hooks'
import { useSettings } from '../settings/settings'

/** Theme, language and writing direction of the whole page, as chosen or as the browser has them. */
export function Appearance({ children }: { children: ReactNode }) {
  const [{ theme, language }] = useSettings()
  const [words, setWords] = useState(() => new Words(english.language, en, navigator.languages))

  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  }, [theme])

  useEffect(() => {
    const chosen = languages.find((known) => known.tag === language) ?? languageFor(navigator.languages)
    let current = true
    void chosen.load().then((catalogue) => {
      if (!current) return
      document.documentElement.lang = chosen.tag
      document.documentElement.dir = chosen.direction
      setWords((before) => (before.language === chosen ? before : new Words(chosen, catalogue, navigator.languages)))
    })
    return () => {
      current = false
    }
  }, [language])

  return <WordsContext value={words}>{children}</WordsContext>
}
