import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { compileHints } from './build/compileHints.ts'
import { emojiData } from './build/emojiData.ts'

const gateway = 'http://localhost:5080'

export default defineConfig({
  plugins: [react(), emojiData(), compileHints()],
  build: {
    outDir: '../../artifacts/webclient',
    emptyOutDir: true,
    // Both would put text into the page or the style sheet that a strict Content-Security-Policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What changes with a release of theirs alone is asked for again then alone.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(?:react|react-dom|scheduler)\// }] } } },
  },
  server: {
    proxy: {
      '/api': gateway,
      '/hub': { target: gateway, ws: true },
      '^/embed/[^/]+/api/': gateway,
      '^/embed/[^/]+/hub$': { target: gateway, ws: true },
    },
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'build/**/*.test.mjs'],
    environment: 'node',
    reporters: ['default'],
    passWithNoTests: false,
  },
})
