import { resolve } from 'node:path'
import { defineConfig } from 'vite'

/** Bundles what the gateway puts into pages: one script without imports, to be evaluated as it is. */
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  publicDir: false,
  build: {
    target: 'es2023',
    outDir: 'companion/dist',
    emptyOutDir: false,
    lib: {
      entry: resolve(import.meta.dirname, 'gateway/page/index.ts'),
      formats: ['iife'],
      name: 'holdpointPage',
      fileName: () => 'gateway-page.js',
    },
  },
})
