import { createRoot } from 'react-dom/client'
import { App } from './ui/app'
import { ActivityContext } from './ui/hooks'
import { UserActivity } from './ui/userActivity'
import './ui/styles/index.css'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no element with the id "root".')
// From the beginning on: the click that opens a conversation comes before anything of it is on the page.
const activity = new UserActivity(window, () => Date.now())
createRoot(root).render(
  <ActivityContext value={activity}>
    <App />
  </ActivityContext>,
)
