import { type ReactNode, useEffect, useState } from 'react'
import { en } from '../../i18n/en'
import { english, languageFor, languages, Words } from '../../i18n/words'
import { WordsContext } from '../shared/hooks'
import { type Settings, useSettings } from '../settings/settings'

type Props = {
  /** In which the page begins; undefined when they have not come yet. */
  first: Words | undefined
  children: ReactNode
}

/** Theme, language and writing direction of the whole page, as chosen or as the browser has them. */
export function Appearance({ first, children }: Props) {
  const [{ theme, language }] = useSettings()
  const [words, setWords] = useState(() => first ?? new Words(english.language, en, navigator.languages))

  useEffect(() => {
    showTheme(theme)
  }, [theme])

  useEffect(() => {
    let current = true
    void wordsIn(language).then((loaded) => {
      if (!current) return
      showLanguage(loaded)
      setWords((before) => (before.language === loaded.language ? before : loaded))
    })
    return () => {
      current = false
    }
  }, [language])

  return <WordsContext value={words}>{children}</WordsContext>
}

export function showTheme(theme: Settings['theme']): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

/** `language`: as in the settings. */
export async function wordsIn(language: string): Promise<Words> {
  const chosen = languages.find((known) => known.tag === language) ?? languageFor(navigator.languages)
  return new Words(chosen, await chosen.load(), navigator.languages)
}

export function showLanguage({ language }: Words): void {
  document.documentElement.lang = language.tag
  document.documentElement.dir = language.direction
}
