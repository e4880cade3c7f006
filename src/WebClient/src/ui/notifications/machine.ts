import { browserStorage } from '../../net/browserStorage'
import { browserTabLink } from '../../net/browserTabs'
import type { Machine } from '../../net/chatClient'
import { BrowserPopups, type Surrounding } from './browserPopups'
import { deviceName } from './device'

/** What popups are made from, while a chat is on the page. */
export const popupSurrounding: { current: Surrounding | undefined } = { current: undefined }

/** This browser, as one of the machines of a person. */
export function browserMachine(tenant: string, userId: string, newId: () => string): Machine {
  return {
    tabs: browserTabLink(tenant, userId),
    popups: new BrowserPopups(() => popupSurrounding.current),
    device: deviceName(browserStorage, navigator.userAgent, newId),
  }
}
