import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { client } from '#companion/commands/client.ts'
import { Failure } from '#companion/commands/failure.ts'
import { hostBrowsers } from '#companion/commands/host-browsers.ts'
import { type Companion, startCompanion } from '#companion/commands/start-companion.ts'
import { supervisor, until } from '#companion/practice/supervisor.ts'
import { AuditPage } from '#shared/protocol/api.ts'
import { BrowserPage, type NewBrowser, OpenedBrowser } from '#shared/protocol/browser.ts'
import { RunPage } from '#shared/protocol/run.ts'
import { call, companion } from '../flow/companion.ts'
import { FakeClock } from '../unit/companion/bench.ts'
import { fakeHost } from '../unit/companion/server/fake-host.ts'
import { startCountingSite } from './clients/counting-site.ts'

const wish: NewBrowser = { headless: true, switches: [], name: 'weekly report', agent: 'reporter' }

describe('POST /v1/browsers', () => {
  it('says so where there is no gateway to start one with', async () => {
    const c = await companion()
    const answer = await call(c, 'POST', '/v1/browsers', wish)
    expect(answer).toMatchObject({ status: 501, body: { code: 'no_gateway' } })
    expect((await call(c, 'GET', '/v1/browsers')).body).toEqual({ browsers: [] })
  })

  it.each([
    ['nothing', {}],
    ['a relative profile', { ...wish, profile: 'here' }],
    ['a profile with a NUL', { ...wish, profile: '/tmp/\0' }],
    ['a switch that is no text', { ...wish, switches: [1] }],
    ['a port that is none', { ...wish, port: 70_000 }],
    ['a run without a name', { ...wish, name: '' }],
    ['an environment', { ...wish, env: { LD_PRELOAD: '/tmp/x.so' } }],
    ['an unknown word', { ...wish, proxy: 'http://127.0.0.1:1' }],
  ])('refuses %s', async (_what, body) => {
    const c = await companion()
    c.browsers.fill(fakeHost().host)
    const answer = await call(c, 'POST', '/v1/browsers', body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } })
    expect(c.browsers.count()).toBe(0)
  })

  it('is a forgery where an agent tries it, as are the lease and the end', async () => {
    const c = await companion()
    c.browsers.fill(fakeHost().host)
    const issued = await call(c, 'POST', '/v1/tokens', { name: 'bot', role: 'agent' })
    const token = JSON.parse(JSON.stringify(issued.body)).token
    const headers = { authorization: `Bearer ${token}` }
    const { id } = OpenedBrowser.parse((await call(c, 'POST', '/v1/browsers', wish)).body)
    for (const [method, path, body] of [
      ['POST', '/v1/browsers', wish],
      ['DELETE', `/v1/browsers/${id}`, undefined],
      ['GET', `/v1/browsers/${id}/lease`, undefined],
    ] as const)
      expect((await call(c, method, path, body, headers)).status, method).toBe(403)
    const log = AuditPage.parse((await call(c, 'GET', '/v1/audit?kind=forgery')).body)
    expect(log.entries).toHaveLength(3)
    expect((await call(c, 'GET', '/v1/browsers', undefined, headers)).status).toBe(403)
  })

  it('says that a profile is in use', async () => {
    const c = await companion()
    c.browsers.fill(fakeHost().host)
    const profile = join(c.home, 'mine')
    expect((await call(c, 'POST', '/v1/browsers', { ...wish, profile })).status).toBe(201)
    expect(await call(c, 'POST', '/v1/browsers', { ...wish, profile })).toMatchObject({
      ...{ status: 409, body: { code: 'profile_in_use' } },
    })
  })
})

describe('GET /v1/browsers/:id/lease', () => {
  it('keeps a browser for as long as it is open, and no longer', async () => {
    const clock = new FakeClock()
    const c = await companion({ clock })
    const fake = fakeHost()
    c.browsers.fill(fake.host)
    const { id } = OpenedBrowser.parse((await call(c, 'POST', '/v1/browsers', wish)).body)
    const leases = () => BrowserPage.parse({ browsers: c.browsers.list() }).browsers[0]?.leases
    const over = new AbortController()
    const events = client({ home: c.home }).follow(`/v1/browsers/${id}/lease`, over.signal)
    expect((await events.next()).value).toBe('open')
    expect(leases()).toBe(1)
    clock.advance(60_000)
    fake.browsers[0]?.order.closeAsked()
    expect((await events.next()).value).toBe('close')
    over.abort()
    await expect(events.next()).rejects.toThrow()
    expect(await until(() => leases() === 0 || undefined, 2000)).toBe(true)
    expect(fake.browsers[0]?.stopped).toBe(false)
    clock.advance(2000)
    expect(await until(() => fake.browsers[0]?.stopped || undefined, 2000)).toBe(true)
    const gone = client({ home: c.home }).follow(
      `/v1/browsers/${id}/lease`,
      new AbortController().signal,
    )
    await expect(gone.next()).rejects.toBeInstanceOf(Failure)
  })

  it('ends with the browser', async () => {
    const c = await companion()
    c.browsers.fill(fakeHost().host)
    const { id } = OpenedBrowser.parse((await call(c, 'POST', '/v1/browsers', wish)).body)
    const lease = client({ home: c.home }).follow(
      `/v1/browsers/${id}/lease`,
      new AbortController().signal,
    )
    await lease.next()
    expect((await call(c, 'DELETE', `/v1/browsers/${id}`)).status).toBe(204)
    expect((await lease.next()).value).toBe('ended')
    expect((await lease.next()).done).toBe(true)
    expect((await call(c, 'DELETE', `/v1/browsers/${id}`)).status).toBe(404)
  })
})

describe('two browsers on one companion', () => {
  let home: string
  let host: Companion
  let site: Awaited<ReturnType<typeof startCountingSite>>
  const reported: unknown[] = []
  beforeAll(async () => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'holdpoint-browsers-')))
    const policy =
      'version: 1\nrules:\n  - { id: saves, effect: allow, on: { capability: update } }\n'
    writeFileSync(join(home, 'holdpoint.yaml'), policy)
    const report = (error: unknown) => void reported.push(error)
    host = await startCompanion({ home, port: 0, prepare: hostBrowsers, report })
    site = await startCountingSite()
  })
  afterAll(async () => {
    await host?.stop()
    await site?.stop()
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })

  it('are held apart, do not see each other, and end with their leases', async () => {
    const open = async (name: string) => {
      const body = { ...wish, name, switches: ['--lang=en', '--load-extension=/tmp'] }
      const opened = OpenedBrowser.parse((await call(host, 'POST', '/v1/browsers', body)).body)
      expect(opened.dropped).toEqual(['--load-extension=/tmp'])
      const over = new AbortController()
      const path = `/v1/browsers/${opened.id}/lease`
      const lease = client({ home }).follow(path, over.signal)
      await lease.next()
      const agent = await chromium.connectOverCDP(opened.cdp)
      const [page = await agent.newPage()] = agent.contexts()[0]?.pages() ?? []
      await page.goto(site.url)
      return { ...opened, page, over }
    }
    const [first, second] = await Promise.all([open('first'), open('second')])
    const runs = RunPage.parse((await call(host, 'GET', '/v1/runs')).body).runs
    expect(runs.map(({ name, state }) => `${name} ${state}`).sort()).toEqual([
      ...['first live', 'second live'],
    ])

    // One waits for a person, the other goes on meanwhile.
    const person = supervisor(host.url, host.token)
    const clicked = first.page.click('text=Send')
    const holds = await until(async () => {
      const pending = await person.pending()
      return pending.length > 0 ? pending : undefined
    }, 10_000)
    expect(holds?.map(({ descriptor }) => descriptor.run?.id)).toEqual([first.run])
    await second.page.click('text=Save')
    await second.page.waitForURL('**/save')
    expect([site.count('/send'), site.count('/save')]).toEqual([0, 1])
    for (const { id } of holds ?? []) await person.decide(id, 'approve')
    await clicked
    await first.page.waitForURL('**/send')
    expect(site.count('/send')).toBe(1)

    // Neither reaches the other's address, nor the companion's.
    for (const address of [`${first.cdp}/json/list`, `${host.url}/`]) {
      await expect(second.page.goto(address), address).rejects.toThrow(/out of an agent's reach/)
      await second.page.goto(site.url)
    }

    first.over.abort()
    second.over.abort()
    expect(await until(() => host.browsers.count() === 0 || undefined, 10_000)).toBe(true)
    await expect(fetch(`${first.cdp}/json/version`)).rejects.toThrow()
    expect(reported).toEqual([])
  })
})
