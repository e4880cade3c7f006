import { expect, it } from 'vitest'
import { en } from './en'

const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../i18n/**', '!../**/*.test.{ts,tsx}'], { query: '?raw', import: 'default', eager: true })

it('every text is used somewhere', () => {
  const code = Object.values(sources).join('\n')
  expect(Object.keys(en).filter((key) => !code.includes(`'${key}'`))).toEqual([])
})
