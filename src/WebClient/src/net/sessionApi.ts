import type { Person, Role } from '../protocol/wire'
import { routeBase } from './routeBase'

export type SignedIn = { tenant: string; user: Person }

export type SessionAnswer =
  | ({ type: 'signedIn' } & SignedIn)
  | { type: 'signedOut'; development: boolean }
  | { type: 'unreachable' }

type Fetch = typeof fetch

const jsonHeaders = { 'Content-Type': 'application/json' }

/**
 * Who is signed in. Anything but a clear answer counts as unreachable: it must never sign anybody out. The gateway has browsers ask
 * the first time while they load the page; they take that answer for this question as long as no header is added to it.
 */
export async function readSession(fetchFrom: Fetch = fetch): Promise<SessionAnswer> {
  try {
    const response = await fetchFrom(`${routeBase}/api/session`)
    if (response.status === 200) {
      const body = (await response.json()) as { tenant: string; user: { userId: string; name: string; role: Role } }
      return { type: 'signedIn', tenant: body.tenant, user: body.user }
    }
    if (response.status === 401) {
      const body = (await response.json().catch(() => ({}))) as { development?: boolean }
      return { type: 'signedOut', development: body.development === true }
    }
    return { type: 'unreachable' }
  } catch {
    return { type: 'unreachable' }
  }
}

export async function readDevelopmentPeople(): Promise<Person[]> {
  const response = await fetch(`${routeBase}/api/development/people`, { cache: 'no-store' })
  if (!response.ok) throw new Error(`The list of people answered ${response.status}.`)
  return (await response.json()) as Person[]
}

export async function signInAsDevelopmentPerson(userId: string): Promise<void> {
  const response = await fetch(`${routeBase}/api/development/session`, {
    method: 'POST',
    headers: jsonHeaders,
    body: JSON.stringify({ userId }),
  })
  if (!response.ok) throw new Error(`Signing in answered ${response.status}.`)
}

export async function signOut(): Promise<void> {
  const response = await fetch(`${routeBase}/api/session`, { method: 'DELETE' })
  if (!response.ok) throw new Error(`Signing out answered ${response.status}.`)
}
