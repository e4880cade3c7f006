import { createRoot } from 'react-dom/client'
import { startPanel } from './embed/panel'
import type { Words } from './i18n/words'
import { browserStorage } from './net/browserStorage'
import { SettingsContext, SettingsStore } from './ui/settings/settings'
import { Boundary } from './ui/shared/boundary'
import { App } from './ui/shell/app'
import { Appearance, showLanguage, showTheme, wordsIn } from './ui/shell/appearance'
import { BrokenPage } from './ui/shell/brokenPage'
import { CurrentPage } from './ui/shell/currentPage'
import { Router, RouterContext } from './ui/shell/route'
import { ActivityContext } from './ui/shared/hooks'
import { preloadConversations } from './ui/timeline/conversationPlaces'
import { UserActivity } from './ui/shared/userActivity'
import './ui/styles/index.css'

/** A page that fills twice takes longer to be of use than one that comes whole, a little later. */
const worthWaitingMs = 300

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no element with the id "root".')
// From the beginning on: the click that opens a conversation comes before anything of it is on the page.
const activity = new UserActivity(window, () => Date.now())
const settings = new SettingsStore(browserStorage, window)
const router = new Router(window)
const panel = startPanel(window)
const current = new CurrentPage(panel, router)
showTheme(settings.get().theme)
let words: Words | undefined
const speak = async () => {
  words = await wordsIn(settings.get().language)
  showLanguage(words)
}
const show = () => {
  createRoot(root).render(
    <ActivityContext value={activity}>
      <SettingsContext value={settings}>
        <RouterContext value={router}>
          <Appearance first={words}>
            <Boundary fallback={<BrokenPage />} onFailed={current.end}>
              <App current={current} framed={panel?.isShown === true} />
            </Boundary>
          </Appearance>
        </RouterContext>
      </SettingsContext>
    </ActivityContext>,
  )
}
const awaited = [current.begin(), speak(), ...(router.get().conversationId === undefined ? [] : [preloadConversations()])]
void Promise.race([Promise.all(awaited), new Promise((resolve) => setTimeout(resolve, worthWaitingMs))]).finally(show)
