/**
 * SignalR's JSON hub protocol, version 1, as far as a client needs it: records are JSON texts that end with 0x1E.
 * The wire knows nothing of frames of the WebSocket: a record may be spread over some, and one may hold several.
 */
export const recordSeparator = '\u001e'

export type HubRecord =
  | { type: 'invocation'; target: string; body: unknown }
  | { type: 'completion'; invocationId: string; result: unknown; error: string | undefined }
  | { type: 'ping' }
  | { type: 'close'; error: string | undefined }
  | { type: 'unknown' }

export const handshakeRequest = encodeRecord({ protocol: 'json', version: 1 })

export const ping = encodeRecord({ type: 6 })

export function encodeInvocation(invocationId: string, target: string, request: object): string {
  return encodeRecord({ type: 1, invocationId, target, arguments: [request] })
}

export function encodeRecord(record: object): string {
  return JSON.stringify(record) + recordSeparator
}

/** Collects text until a record is whole. */
export class RecordSplitter {
  #rest = ''

  push(text: string): string[] {
    const parts = (this.#rest + text).split(recordSeparator)
    this.#rest = parts.pop() ?? ''
    return parts
  }
}

/** Undefined when the handshake was accepted, else why not. */
export function readHandshake(record: string): string | undefined {
  const answer = parseObject(record)
  return typeof answer['error'] === 'string' ? answer['error'] : undefined
}

export function readRecord(record: string): HubRecord {
  const raw = parseObject(record)
  const error = typeof raw['error'] === 'string' ? raw['error'] : undefined
  switch (raw['type']) {
    case 1:
      return {
        type: 'invocation',
        target: String(raw['target']),
        body: Array.isArray(raw['arguments']) ? (raw['arguments'] as unknown[])[0] : undefined,
      }
    case 3:
      return { type: 'completion', invocationId: String(raw['invocationId']), result: raw['result'], error }
    case 6:
      return { type: 'ping' }
    case 7:
      return { type: 'close', error }
    default:
      return { type: 'unknown' }
  }
}

function parseObject(record: string): Record<string, unknown> {
  const value: unknown = JSON.parse(record)
  if (typeof value !== 'object' || value === null) throw new SyntaxError('A hub record is an object.')
  return value as Record<string, unknown>
}
