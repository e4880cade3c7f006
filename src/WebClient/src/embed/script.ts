import { mountAt, type Panel, type PanelOptions } from './host'

/** `/embed.js`, the script of the helpdesk's page: what it exports is `window.OrleansChat` there. */
export function mount(element: Element, options: PanelOptions): Panel {
  const origin = options.origin === undefined ? scriptOrigin : new URL(options.origin).origin
  if (origin === undefined) throw new Error('OrleansChat.mount: say where the chat is, with the option origin.')
  return mountAt(window, origin, element, options)
}

/** Only while the script runs does the page know which one it is. */
const { currentScript } = document
const scriptOrigin = currentScript instanceof HTMLScriptElement && currentScript.src !== '' ? new URL(currentScript.src).origin : undefined
