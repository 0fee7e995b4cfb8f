import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where the peers are installed: they are no dependencies of the project. */
const FOLDER = resolve('node_modules/.cache/peers')

/** Installs what is not there yet, each package by itself, so that one that cannot be had keeps no
 * other away. Gives the ones that are missing then, with the reason. */
export function install(packages: readonly string[]): Map<string, string> {
  const missing = packages.filter((one) => !installed(one))
  if (missing.length === 0) return new Map()
  mkdirSync(FOLDER, { recursive: true })
  console.log(`installing ${missing.join(', ')} into ${FOLDER}, without their install scripts`)
  if (npm(missing) === null) return new Map()
  const failed = new Map<string, string>()
  for (const one of missing) {
    const why = installed(one) ? null : npm([...packages.filter(installed), one])
    if (why !== null) failed.set(one, why)
  }
  return failed
}

/** Null once it is done, else what npm said last. */
function npm(packages: readonly string[]): string | null {
  const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const run = spawnSync('npm', ['install', '--prefix', FOLDER, ...flags, ...packages], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (run.status === 0) return null
  return run.stderr.trim().split('\n').at(-1) ?? run.error?.message ?? 'npm failed'
}

function installed(wanted: string): boolean {
  const at = wanted.lastIndexOf('@')
  const file = join(FOLDER, 'node_modules', wanted.slice(0, at), 'package.json')
  if (!existsSync(file)) return false
  return JSON.parse(readFileSync(file, 'utf8')).version === wanted.slice(at + 1)
}

/** What a peer exports. Whoever asks says what shape it has; nothing here can check it. */
export async function peer(name: string) {
  const file = createRequire(join(FOLDER, 'node_modules/peer.js')).resolve(name)
  const exports = await import(/* @vite-ignore */ pathToFileURL(file).href)
  return { ...exports.default, ...exports }
}
