import { createRoot } from 'react-dom/client'
import { App } from './ui/app'
import './ui/styles/index.css'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no element with the id "root".')
createRoot(root).render(<App />)
