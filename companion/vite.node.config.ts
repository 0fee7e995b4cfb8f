import { resolve } from 'node:path'
import { defineConfig } from 'vite'

/** Bundles the command line and the demo for Node; packages stay outside the bundle. */
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'companion/dist',
    emptyOutDir: false,
    rollupOptions: {
      input: {
        cli: resolve(import.meta.dirname, 'cli.ts'),
        demo: resolve(import.meta.dirname, 'demo.ts'),
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
})
