import type { Socket } from '../net/hubConnection'

/** A WebSocket whose other end is the test. */
export class FakeSocket implements Socket {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: (() => void) | null = null
  onerror: (() => void) | null = null
  readonly sent: string[] = []
  closed = false

  send(text: string): void {
    this.sent.push(text)
  }

  close(): void {
    this.closed = true
  }

  opens(): void {
    this.onopen?.()
  }

  receives(text: string): void {
    this.onmessage?.({ data: text })
  }

  drops(): void {
    this.onclose?.()
  }

  /** Opens, shakes hands and registers the session. */
  welcomes(): void {
    this.opens()
    this.receives('{}\u001e')
    this.event('welcome', { protocol: 1, tenant: 'demo', user: { userId: 'ann', name: 'Ann', role: 'agent' }, limits: {} })
  }

  event(target: string, body: object): void {
    this.receives(`${JSON.stringify({ type: 1, target, arguments: [body] })}\u001e`)
  }

  /** The calls that were made, without pings and the handshake. */
  get calls(): { invocationId: string; target: string; arguments: unknown[] }[] {
    return this.sent
      .map((text) => JSON.parse(text.slice(0, -1)) as { type?: number; invocationId: string; target: string; arguments: unknown[] })
      .filter((record) => record.type === 1)
  }
}
