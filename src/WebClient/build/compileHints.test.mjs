import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { expect, it } from 'vitest'
import { compileHints } from './compileHints.ts'

it('marks what a page begins with, and nothing that may never be run', async () => {
  const root = await mkdtemp(join(tmpdir(), 'hints-'))
  try {
    const files = {
      'index.html': '<script type="module" src="/entry.js"></script>',
      'entry.js': "import { begin } from './beginning.js'\nbegin()\nexport const open = [() => import('./conversationView.js'), () => import('./settings.js')]\nwindow.open = open",
      'beginning.js': "export const begin = () => console.log('beginning')",
      'conversationView.js': "console.log('conversation')",
      'settings.js': "console.log('settings')",
    }
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(root, name), text)))
    const groups = [{ name: 'beginning', test: /beginning/ }]
    const built = await build({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [compileHints()],
      build: { write: false, rolldownOptions: { output: { codeSplitting: { groups } } } },
    })
    const chunks = built.output.filter((file) => file.type === 'chunk')
    const marked = chunks.filter(({ code }) => code.startsWith('//# allFunctionsCalledOnLoad\n')).map(({ name }) => name)
    expect(chunks.map(({ name }) => name)).toContain('settings')
    expect(marked.sort()).toEqual(expect.arrayContaining(['beginning', 'conversationView', 'index']))
    expect(marked).not.toContain('settings')
  } finally {
    await rm(root, { recursive: true })
  }
})
