import { chmodSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

/** Clients start `holdpoint-chrome` as a program, by its path. */
const startable: Plugin = {
  name: 'startable',
  closeBundle: () => chmodSync(resolve(import.meta.dirname, 'dist/shim.js'), 0o755),
}

/** Bundles the command line, the demo and `holdpoint-chrome` for Node; packages stay outside the bundle. */
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  publicDir: false,
  plugins: [startable],
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'companion/dist',
    emptyOutDir: false,
    rollupOptions: {
      input: {
        cli: resolve(import.meta.dirname, 'cli.ts'),
        demo: resolve(import.meta.dirname, 'demo.ts'),
        shim: resolve(import.meta.dirname, 'shim.ts'),
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
})
