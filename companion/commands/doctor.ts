import { spawnSync } from 'node:child_process'
import { Command } from 'commander'
import { type FindResult, findBrowser } from '../browser/find-browser.ts'
import { installBrowser } from '../browser/install-browser.ts'

interface Check {
  name: string
  ok: boolean
  says: string
}

/** `holdpoint doctor`: is everything there that `start` needs? Exit code 3 without a browser. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check that this machine has what Holdpoint needs')
    .option('--browser', 'check the browser only, and on Debian as root install Chromium')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  $ holdpoint doctor\n  $ HOLDPOINT_BROWSER=/opt/chrome holdpoint doctor --json',
    )
    .action(async (options: { browser?: boolean; json?: boolean }) => {
      const browser = await browserCheck(options.browser === true)
      const checks = options.browser ? [browser] : [nodeCheck(), browser, displayCheck()]
      if (options.json)
        process.stdout.write(`${JSON.stringify({ ok: checks.every((c) => c.ok), checks })}\n`)
      else
        for (const check of checks)
          process.stderr.write(`${check.ok ? 'ok  ' : 'FAIL'} ${check.name}: ${check.says}\n`)
      if (!browser.ok) process.exitCode = 3
    })
}

/** Finds the browser, or on Debian as root installs one and looks again. */
export async function findOrInstallBrowser(): Promise<FindResult> {
  const found = findBrowser()
  if (found.ok || found.error.code === 'browser_wrong') return found
  return (await installBrowser()) ? findBrowser() : found
}

async function browserCheck(install: boolean): Promise<Check> {
  const found = install ? await findOrInstallBrowser() : findBrowser()
  if (!found.ok) return { name: 'browser', ok: false, says: found.error.message }
  const { name, path } = found.browser
  const version = spawnSync(path, ['--version'], {
    encoding: 'utf8',
    timeout: 20_000,
  }).stdout?.trim()
  return { name: 'browser', ok: true, says: `${version || name} (${path})` }
}

function nodeCheck(): Check {
  return { name: 'node', ok: true, says: process.version }
}

function displayCheck(): Check {
  const says = hasDisplay() ? 'windows can be opened' : 'no display: the browser runs headless'
  return { name: 'display', ok: true, says }
}

/** Whether windows can be shown. Without a display everything runs headless and prints its URLs. */
export function hasDisplay(
  env: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  return process.platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY)
}
