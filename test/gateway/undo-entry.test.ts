import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { type GatewayHost, startGatewayHost } from '#companion/commands/gateway-host.ts'
import { type Companion, startCompanion } from '#companion/commands/start-companion.ts'
import { type PracticeSite, startPracticeSite } from '#companion/practice/site.ts'
import { Undone } from '#shared/protocol/api.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { Descriptor } from '#shared/protocol/descriptor.ts'
import { CommandLine } from '../flow/command-line.ts'
import { holdsOf } from './host-bench.ts'
import { until } from './requests-bench.ts'

/** An undo recipe from its trial to the one click that takes an agent's change back: by the command
 * line, the gateway and the API as they ship, on a site that says what reached it. */

const home = mkdtempSync(join(tmpdir(), 'holdpoint-undo-entry-'))
let live: PracticeSite
let staging: PracticeSite
let companion: Companion
let host: GatewayHost
let agent: Browser
let page: Page
let cli: CommandLine

const policy = (button = 'Undo last change') => `version: 1
undo:
  revert-task:
    url: "{page.url}"
    sandbox: "${staging.url}/crm/tasks/101"
    within: 30d
    steps:
      - click: { role: button, name: ${button} }
      - expect: Edit task
rules:
  - id: tasks
    effect: allow
    on: { capability: update, url: "${live.url}/crm/tasks/*", reversible: true }
    undo: { recipe: revert-task, verified: 30d }
`

beforeAll(async () => {
  ;[live, staging, cli] = await Promise.all([
    startPracticeSite(),
    startPracticeSite(),
    CommandLine.build(),
  ])
  writeFileSync(join(home, 'holdpoint.yaml'), policy())
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  companion = await startCompanion({ home, port: 0 })
  const options = { browser: found.browser, profile: join(home, 'gateway-profile'), headless: true }
  host = await startGatewayHost(companion, options)
  const run = await host.newRun({ name: 'crm-bot', agent: 'crm' })
  agent = await puppeteer.connect({ browserURL: run.cdp })
  const [first] = await agent.pages()
  if (!first) throw new Error('the agent found no page')
  page = first
})
afterAll(async () => {
  await agent?.disconnect()
  await host?.stop()
  await companion?.stop()
  await live?.stop()
  await staging?.stop()
  cli?.remove()
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

/** What the site did, in words. */
function did({ truth }: PracticeSite): string[] {
  return truth().map(({ what }) => what)
}

async function entries(kind: AuditEntry['kind']): Promise<AuditEntry[]> {
  const all = await companion.context.store.auditAfter(0, 100_000)
  return all.filter((entry) => entry.kind === kind)
}

/** The agent writes another title into task 101 and saves it. */
async function save(title: string): Promise<void> {
  await page.goto(`${live.url}/crm/tasks/101`)
  await page.$eval('#title', (input) => input instanceof HTMLInputElement && input.select())
  await page.type('#title', title)
  await page.click('button.primary')
}

async function undo(entry: string, token = companion.token) {
  const response = await fetch(`${companion.url}/v1/audit/${entry}/undo`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'a person at the test' },
  })
  const body: unknown = await response.json()
  return { status: response.status, body }
}

/** Audit id of the newest action that was let go as a step. */
async function lastRelease(): Promise<string> {
  const steps = (await entries('decision')).filter(
    ({ body }) =>
      JSON.stringify(body.classification).includes('"update"') && body.released === true,
  )
  return steps.at(-1)?.id ?? ''
}

/** Names of the fields that differ from what the page came with. */
async function changedIn(entry: string): Promise<string[]> {
  const { descriptor } = (await companion.context.store.entry(entry))?.body ?? {}
  const fields = Descriptor.parse(descriptor).form?.fields ?? []
  return fields.filter(({ changed }) => changed !== false).map(({ name }) => name)
}

/** One change on the staging site, for the trial to take back. */
async function changeOnStaging(): Promise<void> {
  const body = new URLSearchParams({ title: 'Changed on staging' })
  await fetch(`${staging.url}/crm/tasks/101`, { method: 'POST', body, redirect: 'manual' })
}

const title = async () =>
  /id="title"[^>]*value="([^"]*)"/.exec(
    await (await fetch(`${live.url}/crm/tasks/101`)).text(),
  )?.[1]

describe('a change that can be taken back by a recipe', () => {
  it('is held while nobody has tried the recipe', async () => {
    const clicked = save('Too early').catch(() => undefined)
    const hold = await until(
      async () =>
        (await holdsOf({ companion: companion.url, token: companion.token })).find(
          ({ decision }) => decision.pattern === 'undo-unverified',
        ),
      15_000,
    )
    await fetch(`${companion.url}/v1/holds/${hold.id}/verdict`, {
      method: 'POST',
      headers: { authorization: `Bearer ${companion.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ verdict: 'deny' }),
    })
    await clicked
    expect(did(live)).toEqual([])
  })

  it('fails its trial where there is nothing to undo, readably', async () => {
    const { code, out } = await cli.run('policy', 'verify-undo', 'revert-task', '--home', home)
    expect(code).toBe(1)
    expect(out).toContain('there is no button `Undo last change`')
    expect(out).toContain('`Save changes`')
    expect(did(staging)).toEqual([])
    expect((await entries('undo-trial')).map(({ body }) => body.ok)).toEqual([false])
  })

  it('is tried out on staging, and only there', async () => {
    await changeOnStaging()
    const { code, out, err } = await cli.run('policy', 'verify-undo', 'revert-task', '--home', home)
    expect(err).toBe('')
    expect(out).toContain('ok  click button `Undo last change`')
    expect(code).toBe(0)
    expect(did(staging)).toEqual(['task updated', 'task reverted'])
    expect(did(live)).toEqual([])
    expect((await entries('undo-trial')).map(({ body }) => body.ok)).toEqual([false, true])
  })

  it('goes by itself then, and one click brings the site back', async () => {
    const before = await title()
    await save('Written by the agent')
    await until(async () => did(live).includes('task updated'), 10_000)
    expect(await title()).toBe('Written by the agent')
    const entry = await lastRelease()
    expect(await changedIn(entry)).toEqual(['title'])
    const { status, body } = await undo(entry)
    expect(body).toMatchObject({ did: expect.arrayContaining(['click button `Undo last change`']) })
    expect(status).toBe(200)
    expect(Undone.parse(body).audit_id).toMatch(/^hp_/)
    expect(did(live)).toEqual(['task updated', 'task reverted'])
    expect(await title()).toBe(before)
    const [begun] = await entries('undo')
    const [undone] = await entries('undone')
    expect(begun).toMatchObject({ actor: 'supervisor', body: { audit: entry, state: 'begun' } })
    expect(undone).toMatchObject({ actor: 'supervisor', body: { audit: entry } })
  })

  it('is undone as whoever is signed in where it was done', async () => {
    const [first] = await entries('decision')
    await page.goto(`${live.url}/crm`)
    await page.evaluate(() => cookieStore.set('session', 's3cret'))
    const known = await companion.runs.cookies(first?.run ?? '')
    expect(known.map(({ name, domain }) => ({ name, domain }))).toContainEqual({
      name: 'session',
      domain: '127.0.0.1',
    })
    expect(await companion.runs.cookies('run_ended')).toEqual([])
  })

  it('is not taken back twice, also not by two at the same time, and never by an agent', async () => {
    const entry = await lastRelease()
    expect(await undo(entry)).toMatchObject({ status: 409, body: { code: 'already_undone' } })
    expect((await undo(entry, 'hp_wrong')).status).toBe(401)
    await save('Once more')
    await until(async () => did(live).length === 3, 10_000)
    const twice = await Promise.all([undo(await lastRelease()), undo(await lastRelease())])
    expect(twice.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(did(live)).toEqual(['task updated', 'task reverted', 'task updated', 'task reverted'])
  })

  it('leaves alone what was never let go, and what has no recipe', async () => {
    const [first] = await entries('decision')
    expect(await undo(first?.id ?? '')).toMatchObject({ body: { code: 'not_released' } })
    expect(await undo('hp_999999')).toMatchObject({ status: 404 })
  })

  it('fails readably where its button is gone, and changes nothing more', async () => {
    await save('Stays as it is')
    await until(async () => did(live).length === 5, 10_000)
    const entry = await lastRelease()
    writeFileSync(join(home, 'holdpoint.yaml'), policy('Undo everything'))
    await until(
      async () =>
        companion.context.policy.current().undo.get('revert-task')?.text.includes('everything'),
      5000,
    )
    const { status, body } = await undo(entry)
    expect(status).toBe(502)
    expect(body).toMatchObject({
      code: 'undo_failed',
      detail: expect.stringContaining('there is no button `Undo everything`'),
    })
    expect(body).toMatchObject({ detail: expect.stringContaining('nothing was touched') })
    expect(did(live)).toHaveLength(5)
    expect((await entries('undo')).at(-1)).toMatchObject({
      body: { audit: entry, state: 'failed', touched: false },
    })
    // Nothing was touched, so a recipe that works may still do it.
    writeFileSync(join(home, 'holdpoint.yaml'), policy())
    await until(
      async () =>
        companion.context.policy.current().undo.get('revert-task')?.text.includes('last change'),
      5000,
    )
    expect((await undo(entry)).status).toBe(200)
    expect(did(live).at(-1)).toBe('task reverted')
  })
})
