import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Companion, startCompanion } from '#companion/commands/start-companion.ts'
import { verifiedAt } from '#companion/core/undone.ts'
import { CommandLine } from '../flow/command-line.ts'
import { UndoSite } from './undo-site.ts'

/** `holdpoint policy verify-undo` without a companion that runs, and what it refuses. */

const home = mkdtempSync(join(tmpdir(), 'holdpoint-verify-'))
let live: UndoSite
let staging: UndoSite
let cli: CommandLine

const PAGE = `<h1>Trash</h1><ul><li>Call Ann <button aria-label="Restore Call Ann"
  onclick="fetch('/restore', { method: 'POST' }).then(() => { this.closest('li').textContent = 'Restored' })">Restore</button></li></ul>`

const policy = (name = 'Restore {target.row}') => `version: 1
sandbox: { "${live.origin}": "${staging.origin}" }
undo:
  restore:
    url: "${live.origin}/trash"
    steps: [{ click: "${name}" }, { expect: Restored }]
rules:
  - { id: trash, effect: allow, on: { capability: delete }, acknowledge: [deletion], undo: { recipe: restore, verified: 30d, within: 30d } }
`

beforeAll(async () => {
  ;[live, staging, cli] = await Promise.all([
    UndoSite.start(),
    UndoSite.start(),
    CommandLine.build(),
  ])
  live.pages.set('/trash', PAGE)
  staging.pages.set('/trash', PAGE)
  writeFileSync(join(home, 'holdpoint.yaml'), policy())
})
afterAll(async () => {
  await live?.stop()
  await staging?.stop()
  cli?.remove()
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

function verify(...args: string[]) {
  return cli.run('policy', 'verify-undo', ...args, '--home', home)
}

/** When the recipe was last known to work, by the log of the home folder. */
async function stamped(): Promise<string | null> {
  const companion: Companion = await startCompanion({ home, port: 0 })
  try {
    const { context } = companion
    const recipe = context.policy.current().undo.get('restore')
    return await verifiedAt(context, 'restore', recipe?.text ?? '')
  } finally {
    await companion.stop()
  }
}

it('tries the recipe on the staging host and notes the date, for this text alone', async () => {
  const { code, out, err } = await verify('restore', '--set', 'target.row=Call Ann', '--json')
  expect(err).toBe('')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    ...{ ok: true, recipe: 'restore', sandbox: `${staging.origin}/trash`, why: null },
    did: [`open ${staging.origin}/trash`, 'click control `Restore Call Ann`', 'expect `Restored`'],
    audit: expect.stringMatching(/^hp_\d+$/),
  })
  expect(staging.hits).toEqual(['POST /restore'])
  expect(live.hits).toEqual([])
  expect(Date.now() - Date.parse((await stamped()) ?? '')).toBeLessThan(60_000)
  writeFileSync(join(home, 'holdpoint.yaml'), policy('Restore it'))
  expect(await stamped()).toBeNull()
  writeFileSync(join(home, 'holdpoint.yaml'), policy())
  expect(await stamped()).not.toBeNull()
})

it('takes the date away where it no longer works', async () => {
  staging.pages.set('/trash', '<h1>Trash</h1><button>Empty</button>')
  const { code, out } = await verify('restore', '--set', 'target.row=Call Ann')
  expect(code).toBe(1)
  expect(out).toContain('there is no control `Restore Call Ann`; the page has `Empty`')
  expect(out).toContain('does not work')
  expect(await stamped()).toBeNull()
})

it.each<[string, string[], number, string]>([
  ['production', ['restore', '--sandbox', 'LIVE', '--set', 'target.row=x'], 1, 'in production'],
  [
    'a page in production',
    ['restore', '--sandbox', 'LIVE/trash', '--set', 'target.row=x'],
    1,
    'in production',
  ],
  [
    'a file',
    ['restore', '--sandbox', 'file:///etc/passwd', '--set', 'target.row=x'],
    1,
    'no address of a web page',
  ],
  ['a recipe without its value', ['restore'], 1, "--set 'target.row=…'"],
  ['an unknown recipe', ['restor'], 2, 'did you mean `restore`'],
  ['a setting without a value', ['restore', '--set', 'target.row'], 2, 'NAME=VALUE'],
])('refuses %s, and opens nothing', async (_, args, exit, why) => {
  live.hits.length = 0
  const given = args.map((arg) => arg.replace('LIVE', live.origin))
  const { code, err } = await verify(...given)
  expect(err).toContain(why)
  expect(code).toBe(exit)
  expect(live.hits).toEqual([])
})
