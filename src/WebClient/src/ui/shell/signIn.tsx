import { useEffect, useState } from 'react'
import { readDevelopmentPeople, signInAsDevelopmentPerson } from '../../net/sessionApi'
import type { Person } from '../../protocol/wire'
import { Avatar } from '../shared/avatar'
import { useWords } from '../shared/hooks'
import type { MessageKey } from '../../i18n/words'

type Props = { development: boolean; notice: MessageKey | undefined; onSignedIn: () => void }

export function SignIn({ development, notice, onSignedIn }: Props) {
  const { t } = useWords()
  return (
    <main className="page">
      <section className="card" aria-labelledby="sign-in-title">
        <img className="card-icon" src="/icon.png" alt="" width="44" height="44" />
        <h1 id="sign-in-title" tabIndex={-1}>{development ? t('shell.who') : t('shell.signInElsewhere')}</h1>
        {notice !== undefined && (
          <p className="notice" role="alert">
            {t(notice)}
          </p>
        )}
        {development ? (
          <DevelopmentPeople onSignedIn={onSignedIn} />
        ) : (
          <p>{t('shell.signInElsewhereHint')}</p>
        )}
      </section>
    </main>
  )
}

function DevelopmentPeople({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useWords()
  const [people, setPeople] = useState<Person[]>()
  const [problem, setProblem] = useState<MessageKey>()

  useEffect(() => {
    readDevelopmentPeople().then(setPeople, () => {
      setProblem('shell.peopleFailed')
    })
  }, [])

  const signIn = (userId: string) => {
    signInAsDevelopmentPerson(userId).then(onSignedIn, () => {
      setProblem('shell.signInFailed')
    })
  }

  return (
    <>
      <p className="muted">{t('shell.demo')}</p>
      {problem !== undefined && (
        <p className="notice" role="alert">
          {t(problem)}
        </p>
      )}
      <ul className="people" aria-label={t('shell.people')}>
        {people?.map((person) => (
          <li key={person.userId}>
            <button
              type="button"
              className="person"
              onClick={() => {
                signIn(person.userId)
              }}
            >
              <Avatar id={person.userId} name={person.name} />
              <span className="person-name one-line" dir="auto">
                {person.name}
              </span>
              <span className="muted">{t('shared.role', { role: person.role })}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
