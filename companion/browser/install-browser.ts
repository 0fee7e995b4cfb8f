import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'

/** Installs Debian's Chromium where that is possible without asking for a password: on Debian as
 * root, after a yes at the terminal, or unasked in CI. Returns whether it installed one. */
export async function installBrowser(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<boolean> {
  const debian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
  if (!debian || process.getuid?.() !== 0) return false
  if (!env.CI && !(await agreed())) return false
  process.stderr.write('holdpoint: no browser found; running `apt-get install chromium`\n')
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 2, 2],
    }).status === 0
  const install = ['install', '-y', '-qq', '--no-install-recommends', 'chromium']
  return apt(...install) || (apt('update', '-qq') && apt(...install))
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(
    'No browser found. Run `apt-get install chromium` now? [y/N] ',
  )
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}
