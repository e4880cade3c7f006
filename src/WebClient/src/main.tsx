import { createRoot } from 'react-dom/client'
import { startPanel } from './embed/panel'
import { browserStorage } from './net/browserStorage'
import { SettingsContext, SettingsStore } from './ui/settings/settings'
import { Boundary } from './ui/shared/boundary'
import { App } from './ui/shell/app'
import { Appearance } from './ui/shell/appearance'
import { BrokenPage } from './ui/shell/brokenPage'
import { Router, RouterContext } from './ui/shell/route'
import { ActivityContext } from './ui/shared/hooks'
import { UserActivity } from './ui/shared/userActivity'
import './ui/styles/index.css'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no element with the id "root".')
// From the beginning on: the click that opens a conversation comes before anything of it is on the page.
const activity = new UserActivity(window, () => Date.now())
const settings = new SettingsStore(browserStorage, window)
const router = new Router(window)
const panel = startPanel(window)
createRoot(root).render(
  <ActivityContext value={activity}>
    <SettingsContext value={settings}>
      <RouterContext value={router}>
        <Appearance>
          <Boundary fallback={<BrokenPage />}>
            <App panel={panel} />
          </Boundary>
        </Appearance>
      </RouterContext>
    </SettingsContext>
  </ActivityContext>,
)
