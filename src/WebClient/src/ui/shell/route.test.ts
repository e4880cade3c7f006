import { describe, expect, it } from 'vitest'
import { formatRoute, parseRoute, type Route, Router } from './route'

describe('the address', () => {
  it.each<[Route, string]>([
    [{}, '#/'],
    [{ conversationId: 'dm/ann~bob' }, '#/c/dm%2Fann~bob'],
    [{ conversationId: 'c/018f', seq: 7, pane: 'details' }, '#/c/c%2F018f/7?pane=details'],
    [{ pane: 'search', query: 'from:"Ann B" 50%' }, '#/?pane=search&q=from%3A%22Ann+B%22+50%25'],
  ])('says %j as %s, and back', (route, hash) => {
    expect(formatRoute(route)).toBe(hash)
    expect(parseRoute(hash)).toEqual(route)
  })

  it.each(['', '#', '#/x/y', '#/c/', '#/c/%E0%A4%A', '#/?pane=elsewhere&q=x'])('that makes no sense shows nothing: %s', (hash) => {
    expect(parseRoute(hash)).toEqual({})
  })

  it.each(['0', '-1', '1.5', 'x', '1e99'])('with the message %s shows the conversation', (seq) => {
    expect(parseRoute(`#/c/g/${seq}`)).toEqual({ conversationId: 'g' })
  })
})

describe('the router', () => {
  it.each([
    [false, '#/c/g/7?pane=search&q=printer'],
    [true, '#/c/g/7'],
  ])('goes from what was found to where it was said (narrow page: %s)', (narrow, address) => {
    const addresses: string[] = []
    const page = Object.assign(new EventTarget(), {
      location: { hash: '#/?pane=search&q=printer' },
      history: { pushState: (_: unknown, __: string, hash: string) => addresses.push(hash) },
      matchMedia: () => ({ matches: narrow }),
    })
    new Router(page as unknown as ConstructorParameters<typeof Router>[0]).openConversation('g', 7)
    expect(addresses).toEqual([address])
  })

  it('reads the address anew when somebody begins to listen', () => {
    const page = Object.assign(new EventTarget(), { location: { hash: '#/' }, history: {} })
    const router = new Router(page as unknown as ConstructorParameters<typeof Router>[0])
    page.location.hash = '#/c/g'
    router.subscribe(() => undefined)
    expect(router.get()).toEqual({ conversationId: 'g' })
  })
})
