// Runs one TypeScript file of the repository (a bench, the eval) on plain Node:
//   node scripts/run.mjs FILE.ts [arguments…]
// It is bundled first, as the companion is, so that what is measured is what ships.
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'

const [file, ...args] = process.argv.slice(2)
if (!file) {
  console.error('usage: node scripts/run.mjs FILE.ts [arguments…]')
  process.exit(2)
}
const outDir = resolve('node_modules/.cache/holdpoint/run')
const name = basename(file).replace(/\.ts$/, '')
await build({
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: true,
    target: 'node20',
    outDir,
    emptyOutDir: false,
    rollupOptions: { input: { [name]: resolve(file) }, output: { entryFileNames: '[name].mjs' } },
  },
})
process.argv = [process.argv[0], resolve(file), ...args]
await import(pathToFileURL(join(outDir, `${name}.mjs`)).href)
