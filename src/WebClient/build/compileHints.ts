import type { Plugin } from 'vite'

/** Understood by Chrome from 136 on (WICG, "Explicit JavaScript Compile Hints"); others pass over it. It has to be the first line. */
const hint = '//# allFunctionsCalledOnLoad\n'

/** What is run soon after it was loaded, besides what the page begins with. */
const soon = new Set(['conversationView'])

/**
 * Has the browser compile all of these files while they are loaded, beside the page's thread. It would do so otherwise on that
 * thread, function after function, when each is called first: more than a third of a start.
 */
export function compileHints(): Plugin {
  return {
    name: 'compile-hints',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
        const wanted = new Set(chunks.filter(({ isEntry }) => isEntry).flatMap(({ fileName, imports }) => [fileName, ...imports]))
        for (const chunk of chunks) {
          if (wanted.has(chunk.fileName) || soon.has(chunk.name)) chunk.code = hint + chunk.code
        }
      },
    },
  }
}
