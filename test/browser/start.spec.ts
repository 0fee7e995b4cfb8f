import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, root, test } from '../fixtures.ts'

test('one command opens a supervised browser that is paired already, and ends it again', async () => {
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-start-'))
  const args = ['start', '--home', home, '--port', '0', '--headless', '--practice', '--json']
  const child = spawn(process.execPath, [join(root, 'companion/dist/cli.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const line = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).once('line', resolve)
  })
  const ready: unknown = JSON.parse(line)
  expect(ready).toMatchObject({
    companion: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    dashboard: expect.stringContaining('/#token='),
    practice: expect.stringMatching(/^http:/),
    extension: { dir: expect.stringContaining('supervised') },
    pairing: { url: expect.stringMatching(/^chrome-extension:\/\/.+code=\d{6}$/) },
    paired: true,
  })
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  rmSync(home, { recursive: true, force: true })
})
