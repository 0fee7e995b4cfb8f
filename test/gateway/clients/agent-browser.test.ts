import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, denialsReach } from './denials.ts'
import { type Stage, startStage } from './stage.ts'

const dir = mkdtempSync(join(tmpdir(), 'holdpoint-agent-browser-'))
const binary = join(dir, 'agent-browser')

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
  // Its package leaves the executable bit to an install script.
  const shipped = `agent-browser-${process.platform}-${process.arch}`
  copyFileSync(join('node_modules/agent-browser/bin', shipped), binary)
  chmodSync(binary, 0o755)
  const said = await run('connect', new URL(stage.cdp).port)
  expect(said).toContain('Done')
})

afterAll(async () => {
  await stopDaemon()
  await stage?.stop()
  rmSync(dir, { recursive: true, force: true })
})

/** One command, as from a shell; resolves with all that it prints. */
function run(...args: string[]): Promise<string> {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: dir,
    AGENT_BROWSER_SOCKET_DIR: dir,
    AGENT_BROWSER_IDLE_TIMEOUT_MS: '60000',
    AGENT_BROWSER_NO_VERSION_CHECK: '1',
  }
  return new Promise((resolve) => {
    execFile(binary, args, { env, timeout: 40_000 }, (_error, out, err) => resolve(out + err))
  })
}

/** Its commands talk to a process in the background, which outlives them. */
async function stopDaemon(): Promise<void> {
  const file = join(dir, 'default.pid')
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  await run('close')
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself: nothing is left to stop.
  }
}

const client: Client = {
  open: async (url) => void (await run('open', url)),
  click: (name) => run('find', 'role', 'button', 'click', '--name', name),
  async enter() {
    await run('focus', 'input')
    return await run('press', 'Enter')
  },
}

describe('agent-browser by connect', () => {
  it('opens a page and takes a snapshot', async () => {
    await run('open', stage.site.url)
    expect(await run('snapshot')).toContain('heading "Counting" [level=1')
    expect(await run('get', 'title')).toContain('Counting /')
  })

  it('clicks and fills', async () => {
    await run('open', stage.site.url)
    await client.click('Show')
    expect(await run('get', 'text', 'output')).toContain('shown')
    await run('fill', 'input', 'hello')
    expect(await run('get', 'value', 'input')).toContain('hello')
    expect(await run('eval', '6 * 7')).toContain('42')
  })

  it('opens and closes a tab', async () => {
    await run('tab', 'new', `${stage.site.url}/popup`)
    expect(await run('get', 'text', 'h1')).toContain('Popup')
    expect(await run('tab', 'list')).toContain('/popup')
    await run('tab', 'close')
  })

  denialsReach(client, () => stage)
})
