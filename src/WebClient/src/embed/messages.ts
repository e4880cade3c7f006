/**
 * What the page of the helpdesk (the host) and the chat in its frame say to each other: docs/protocol.md, "Panel". The names
 * there are these, and a test compares them.
 */
export type HostMessage =
  | { type: 'hello' }
  | { type: 'token'; token: string }
  | { type: 'noToken' }
  | { type: 'open'; conversationId: string }
  | { type: 'signOut' }

export type FrameMessage =
  | { type: 'tokenNeeded'; reason: TokenReason }
  | { type: 'signedIn' }
  | { type: 'signInFailed'; reason: SignInProblem }
  | { type: 'unread'; mentions: number; unread: number }
  | { type: 'signedOut' }

/** Why a token is asked for: the panel begins; the session that was there has ended. */
export type TokenReason = 'start' | 'expired'

/** No token came; the chat refused it; the chat did not answer; the browser did not keep the cookie. */
export type SignInProblem = 'noToken' | 'refused' | 'unavailable' | 'cookieBlocked'

export type UnreadCounts = { mentions: number; unread: number }

/** Tells these messages from whatever else is posted to a window. */
const version = 1

type Check = (value: unknown) => boolean
type Shapes<Message extends { type: string }> = {
  [Type in Message['type']]: Record<Exclude<keyof Extract<Message, { type: Type }>, 'type'>, Check>
}

const text = (charsMax: number) => (value: unknown) => typeof value === 'string' && value.length >= 1 && value.length <= charsMax
const count = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
const oneOf =
  (...values: string[]) =>
  (value: unknown) =>
    values.includes(value as string)

export const hostMessages: Shapes<HostMessage> = {
  hello: {},
  token: { token: text(8_192) },
  noToken: {},
  open: { conversationId: text(1_024) },
  signOut: {},
}

export const frameMessages: Shapes<FrameMessage> = {
  tokenNeeded: { reason: oneOf('start', 'expired' satisfies TokenReason) },
  signedIn: {},
  signInFailed: { reason: oneOf('noToken', 'refused', 'unavailable', 'cookieBlocked' satisfies SignInProblem) },
  unread: { mentions: count, unread: count },
  signedOut: {},
}

/** As it is posted. */
export function toPosted(message: HostMessage | FrameMessage): object {
  return { chat: version, ...message }
}

/** Undefined for anything else than a whole message of the host; what it has besides is left out. */
export function readHostMessage(data: unknown): HostMessage | undefined {
  return read(hostMessages, data) as HostMessage | undefined
}

/** Undefined for anything else than a whole message of the frame; what it has besides is left out. */
export function readFrameMessage(data: unknown): FrameMessage | undefined {
  return read(frameMessages, data) as FrameMessage | undefined
}

function read(shapes: Record<string, Record<string, Check>>, data: unknown): object | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const posted = data as Record<string, unknown>
  const type = posted['type']
  if (posted['chat'] !== version || typeof type !== 'string' || !Object.hasOwn(shapes, type)) return undefined
  const fields = Object.entries(shapes[type] ?? {})
  if (!fields.every(([name, check]) => Object.hasOwn(posted, name) && check(posted[name]))) return undefined
  return { type, ...Object.fromEntries(fields.map(([name]) => [name, posted[name]])) }
}
