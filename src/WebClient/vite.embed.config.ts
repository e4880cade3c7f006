import { defineConfig } from 'vite'

/** The script of the helpdesk's page: one classic script of a lasting name, beside what the other build has made. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: '../../artifacts/webclient',
    emptyOutDir: false,
    lib: { entry: 'src/embed/script.ts', formats: ['iife'], name: 'OrleansChat', fileName: () => 'embed.js' },
    rolldownOptions: { output: { exports: 'named' } },
  },
})
