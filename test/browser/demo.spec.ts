import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, root, test } from '../fixtures.ts'

for (const door of ['extension', 'gateway'])
  test(`the practice agent gets through the demo behind the ${door}, and the log agrees with the server on every step`, () => {
    test.setTimeout(180_000)
    const run = spawnSync(
      process.execPath,
      [join(root, 'companion/dist/demo.js'), '--door', door, '--json'],
      { encoding: 'utf8', timeout: 170_000 },
    )
    expect(run.status, `${run.stdout}\n${run.stderr}`).toBe(0)
    expect(JSON.parse(run.stdout).rows).toHaveLength(20)
  })
