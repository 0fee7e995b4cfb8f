// Makes a fresh clone run: packages, the native module, the builds, a browser. Uses nothing but Node.
//   node scripts/setup.mjs [--build[=target,target]] [--browser] [--test-tools]
// Exit codes: 3 no browser, 4 packages, native module or build failed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'))
const flags = process.argv.slice(2)
const build = flags.find((flag) => flag.startsWith('--build'))

packages()
native()
if (build) run('building', ['scripts/build.mjs', ...(build.split('=')[1]?.split(',') ?? [])], 4)
if (flags.includes('--browser'))
  run('looking for a browser', ['companion/dist/cli.js', 'doctor', '--browser'], 3)

/** `npm ci`, unless the packages were installed from this very lockfile by this very Node. */
function packages() {
  const stamp = 'node_modules/.holdpoint'
  const wanted = createHash('sha256')
    .update(readFileSync('package-lock.json'))
    .update(`${process.version} ${process.platform} ${process.arch}`)
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('installing packages; the SQLite module may be compiled, which takes one to four minutes')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error']
  const done = npm
    ? spawnSync(process.execPath, [npm, ...args], { stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (done.status !== 0) {
    fail(
      '`npm ci` failed; the lines above are its own. Check the network or the registry and run this command again',
      4,
    )
  }
  writeFileSync(stamp, wanted)
}

/** Opens a database in memory in a child process: a module built for another Node aborts there. */
function native() {
  if (nativeWorks()) return
  say('compiling the SQLite module (better-sqlite3); this takes one to four minutes')
  const npm = process.env.npm_execpath
  const args = ['rebuild', 'better-sqlite3', '--foreground-scripts']
  if (npm) spawnSync(process.execPath, [npm, ...args], { stdio: ['ignore', 2, 2] })
  else spawnSync('npm', args, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (nativeWorks()) return
  fail(
    [
      'the SQLite module could not be compiled. It needs a C++ compiler and Python:',
      '  Debian, Ubuntu:  sudo apt-get install build-essential python3',
      '  macOS:           xcode-select --install',
      '  Windows:         npm install --global windows-build-tools',
      'then run this command again',
    ].join('\n'),
    4,
  )
}

function nativeWorks() {
  const code = "new (require('better-sqlite3'))(':memory:').close()"
  return spawnSync(process.execPath, ['-e', code], { stdio: 'ignore' }).status === 0
}

function run(what, args, exitCode) {
  const done = spawnSync(process.execPath, args, { stdio: ['inherit', 2, 2] })
  if (done.status !== 0) fail(`set-up stopped while ${what}`, done.status ?? exitCode)
}

function say(text) {
  process.stderr.write(`holdpoint: ${text}\n`)
}

function fail(text, code) {
  say(text)
  process.exit(code)
}
