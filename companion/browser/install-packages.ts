import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'

/** Installs Debian packages where that is possible without asking for a password: on Debian as root,
 * after a yes at the terminal, or unasked in CI. Returns whether they were installed. */
export async function installPackages(
  packages: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<boolean> {
  const debian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
  if (!debian || process.getuid?.() !== 0) return false
  const command = `apt-get install ${packages.join(' ')}`
  if (!env.CI && !(await agreed(command))) return false
  process.stderr.write(`holdpoint: running \`${command}\`\n`)
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages]
  return apt(install) || (apt(['update', '-qq']) && apt(install))
}

function apt(args: readonly string[]): boolean {
  const run = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 2, 2],
  })
  return run.status === 0
}

async function agreed(command: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`Run \`${command}\` now? [y/N] `)
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}
