import { resolve } from 'node:path'
import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

/** Builds the dashboard. Relative addresses, because the companion's port is not known here; nothing
 * inline, because it is served under `script-src 'self'; style-src 'self'`. */
export default defineConfig({
  root: resolve(import.meta.dirname, 'dashboard'),
  base: './',
  publicDir: false,
  plugins: [preact()],
  build: {
    outDir: resolve(import.meta.dirname, 'dist/dashboard'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
