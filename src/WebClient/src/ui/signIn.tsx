import { useEffect, useState } from 'react'
import { readDevelopmentPeople, signInAsDevelopmentPerson } from '../net/sessionApi'
import type { Person } from '../protocol/wire'
import { Avatar } from './avatar'
import { roleWords } from './words'

type Props = { development: boolean; notice: string | undefined; onSignedIn: () => void }

export function SignIn({ development, notice, onSignedIn }: Props) {
  return (
    <main className="page">
      <section className="card" aria-labelledby="sign-in-title">
        <img className="card-icon" src="/icon.svg" alt="" width="44" height="44" />
        <h1 id="sign-in-title">{development ? 'Who are you?' : 'Sign in through your helpdesk'}</h1>
        {notice !== undefined && (
          <p className="notice" role="alert">
            {notice}
          </p>
        )}
        {development ? (
          <DevelopmentPeople onSignedIn={onSignedIn} />
        ) : (
          <p>The team chat opens from your helpdesk. Sign in there, then open the chat again from its menu.</p>
        )}
      </section>
    </main>
  )
}

function DevelopmentPeople({ onSignedIn }: { onSignedIn: () => void }) {
  const [people, setPeople] = useState<Person[]>()
  const [problem, setProblem] = useState<string>()

  useEffect(() => {
    readDevelopmentPeople().then(setPeople, () => {
      setProblem('The list of people could not be read.')
    })
  }, [])

  const signIn = (userId: string) => {
    signInAsDevelopmentPerson(userId).then(onSignedIn, () => {
      setProblem('Signing in did not work. Please try again.')
    })
  }

  return (
    <>
      <p className="muted">A demo: choose a person and you are signed in.</p>
      {problem !== undefined && (
        <p className="notice" role="alert">
          {problem}
        </p>
      )}
      <ul className="people" aria-label="People">
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
              <span className="person-name">{person.name}</span>
              <span className="muted">{roleWords(person.role)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
