// Builds what is out of date: `node scripts/build.mjs [target…]`, all targets without arguments.
// A target is skipped while the hash over its sources is the one its last build was made from.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const wxt = ['node_modules/wxt/bin/wxt.mjs', 'build']
const vite = ['node_modules/vite/bin/vite.js', 'build']
const common = ['package-lock.json', 'package.json', 'tsconfig.json', 'shared']
const extension = [...common, 'extension', 'wxt.config.ts']

/** @type {Record<string, { sources: string[], output: string, run: string[], env?: Record<string, string> }>} */
const targets = {
  supervised: {
    sources: extension,
    output: '.output/chrome-mv3-supervised',
    run: [...wxt, '-b', 'chrome'],
    env: { HOLDPOINT_BUILD: 'supervised' },
  },
  store: {
    sources: extension,
    output: '.output/chrome-mv3',
    run: [...wxt, '-b', 'chrome'],
    env: { HOLDPOINT_BUILD: 'store' },
  },
  firefox: {
    sources: extension,
    output: '.output/firefox-mv3',
    run: [...wxt, '-b', 'firefox', '--mv3'],
    env: { HOLDPOINT_BUILD: 'store' },
  },
  dashboard: {
    sources: [...common, 'companion/dashboard', 'companion/vite.config.ts'],
    output: 'companion/dist/dashboard',
    run: [...vite, '-c', 'companion/vite.config.ts'],
  },
  gatewaypage: {
    sources: [...common, 'companion/gateway/page', 'companion/vite.page.config.ts'],
    output: 'companion/dist/gateway-page.js',
    run: [...vite, '-c', 'companion/vite.page.config.ts'],
  },
  companion: {
    sources: [...common, 'companion'],
    output: 'companion/dist/cli.js',
    run: [...vite, '-c', 'companion/vite.node.config.ts'],
  },
}

const stamps = 'node_modules/.cache/holdpoint'
const wanted = process.argv.slice(2)
// The companion reads this one when it runs.
if (wanted.includes('companion')) wanted.push('gatewaypage')
for (const name of wanted.filter((name) => !(name in targets))) {
  console.error(`build: unknown target \`${name}\`; there are ${Object.keys(targets).join(', ')}`)
  process.exit(2)
}
for (const [name, target] of Object.entries(targets)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const hash = hashOf(target.sources)
  const stamp = join(stamps, `build-${name}`)
  if (existsSync(target.output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash)
    continue
  const started = Date.now()
  await build(name, target)
  mkdirSync(stamps, { recursive: true })
  writeFileSync(stamp, hash)
  console.error(`built ${name} in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

/** Runs the tool quietly; its output is shown only when it fails. */
function build(name, { run, env }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, run, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('close', (code) => {
      if (code === 0) return resolve()
      console.error(output)
      console.error(`build of ${name} failed; the lines above are the tool's own`)
      process.exit(4)
    })
  })
}

function hashOf(paths) {
  const hash = createHash('sha256').update(process.version)
  for (const path of paths.flatMap(filesBelow))
    hash.update(path).update('\0').update(readFileSync(path))
  return hash.digest('hex')
}

function filesBelow(path) {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'dist' && entry.name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)],
    )
}
