import { spawnSync } from 'node:child_process'
import { Command } from 'commander'
import { type FindResult, findBrowser, findProgram } from '../browser/find-browser.ts'
import { installPackages } from '../browser/install-packages.ts'

interface Check {
  name: string
  ok: boolean
  says: string
}

interface Options {
  browser?: boolean
  testTools?: boolean
  json?: boolean
}

/** `holdpoint doctor`: is everything there that `start` needs? Exit code 3 without a browser. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check that this machine has what Holdpoint needs')
    .option(
      '--browser',
      'check the browser only; on Debian as root, install Chromium if it is missing',
    )
    .option('--test-tools', 'also look for what some browser tests need, and install it likewise')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExit codes: 0 all there, 3 no browser\n\nExamples:\n  $ holdpoint doctor\n  $ HOLDPOINT_BROWSER=/opt/chrome holdpoint doctor --json',
    )
    .action(async (options: Options) => {
      const browser = await browserCheck(options.browser === true)
      const checks = options.browser ? [browser] : [nodeCheck(), browser, displayCheck()]
      if (options.testTools) checks.push(...(await toolChecks()))
      if (options.json) process.stdout.write(`${JSON.stringify({ ok: browser.ok, checks })}\n`)
      else
        for (const { ok, name, says } of checks)
          process.stderr.write(`${ok ? 'ok  ' : 'MISS'} ${name}: ${says}\n`)
      if (!browser.ok) process.exitCode = 3
    })
}

/** Finds the browser, or on Debian as root installs one and looks again. */
export async function findOrInstallBrowser(): Promise<FindResult> {
  const found = findBrowser()
  if (found.ok || found.error.code === 'browser_wrong') return found
  return (await installPackages(['chromium'])) ? findBrowser() : found
}

/** Whether windows can be shown. Without a display everything runs headless and prints its URLs. */
export function hasDisplay(
  env: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  return process.platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY)
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

/** Programs that single browser tests need; a test without its program is reported as skipped. */
const tools = [
  { program: 'Xvfb', package: 'xvfb', for: 'the test that clicks Approve as a person would' },
  { program: 'xdotool', package: 'xdotool', for: 'the test that clicks Approve as a person would' },
  { program: 'firefox-esr', package: 'firefox-esr', for: 'the test that loads the Firefox build' },
  { program: 'chromedriver', package: 'chromium-driver', for: 'the test that Selenium is held' },
] as const

async function toolChecks(): Promise<Check[]> {
  const missing = tools.filter((tool) => !findProgram(tool.program))
  if (missing.length > 0) await installPackages(missing.map((tool) => tool.package))
  return tools.map((tool) => {
    const path = findProgram(tool.program)
    const says =
      path ?? `not found; without it ${tool.for} is skipped (\`apt-get install ${tool.package}\`)`
    return { name: tool.program, ok: path !== undefined, says }
  })
}
