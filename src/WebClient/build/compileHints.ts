import type { Plugin } from 'vite'

/** Understood by Chrome from 136 on (WICG, "Explicit JavaScript Compile Hints"); others pass over it. It has to be the first line. */
const hint = '//# allFunctionsCalledOnLoad\n'

/** What is run soon after it was loaded, besides what the page begins with. */
const soon = new Set(['conversationView'])

/**
 * Has the browser compile all of these files while they are loaded, beside the page's thread. It would do so otherwise on that
 * thread, function after function, when each is called first: a large part of a start.
 */
export function compileHints(): Plugin {
  return {
    name: 'compile-hints',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
        const missing = [...soon].filter((name) => !chunks.some((chunk) => chunk.name === name))
        if (missing.length > 0) this.error(`No part of the client is called ${missing.join(', ')}.`)
        const wanted = new Set(chunks.filter(({ isEntry, name }) => isEntry || soon.has(name)).map(({ fileName }) => fileName))
        // What a set gets while it is gone through is gone through as well.
        for (const fileName of wanted) for (const used of chunks.find((chunk) => chunk.fileName === fileName)?.imports ?? []) wanted.add(used)
        for (const chunk of chunks) {
          if (wanted.has(chunk.fileName)) chunk.code = hint + chunk.code
        }
      },
    },
  }
}
