import { existsSync } from 'node:fs'
import { type Browser, chromium } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { client } from '#companion/commands/client.ts'
import { filesOf } from '#companion/commands/home.ts'
import { supervisor, until } from '#companion/practice/supervisor.ts'
import { RunPage } from '#shared/protocol/run.ts'
import { type CountingSite, startCountingSite } from './clients/counting-site.ts'
import { executablePath, type ShimStage, startShimStage } from './shim-stage.ts'

let stage: ShimStage
let site: CountingSite

beforeAll(async () => {
  stage = startShimStage('version: 1\nmode: enforce\n')
  site = await startCountingSite()
})
afterAll(async () => {
  stage?.stop()
  await site?.stop()
})

const runs = async () => (await client({ home: stage.home }).call('GET', '/v1/runs', RunPage)).runs

describe('two holdpoint-chrome at once, as test runners start them', () => {
  const started: Browser[] = []

  it('share one companion, each with a run of its own', async () => {
    started.push(
      ...(await Promise.all([1, 2].map(() => chromium.launch({ executablePath, env: env() })))),
    )
    expect((await runs()).map(({ state, client: c }) => `${state} ${c}`)).toEqual([
      ...['live playwright', 'live playwright'],
    ])
    expect(stage.shims()).toHaveLength(2)
    expect(stage.shims()).not.toContain(stage.pid())
  })

  it('are held separately', async () => {
    const [first, second] = await Promise.all(started.map((browser) => browser.newPage()))
    await Promise.all([first?.goto(site.url), second?.goto(site.url)])
    const person = supervisor(client({ home: stage.home }).url, stage.token())
    const clicked = first?.click('text=Send')
    const held = await until(async () => (await person.pending())[0], 10_000)
    await second?.click('text=Show')
    expect(await second?.locator('output').textContent()).toBe('shown')
    expect(await person.pending()).toHaveLength(1)
    await person.decide(held?.id ?? '', 'approve')
    await clicked
    await first?.waitForURL('**/send')
    expect(site.count('/send')).toBe(1)
    const ids = (await runs()).map(({ id }) => id)
    expect(ids).toContain(held?.descriptor.run?.id)
  })

  it('end alone: what kills one of them closes its browser, and the other goes on', async () => {
    const [victim = 0] = stage.shims()
    process.kill(victim, 'SIGKILL')
    const gone = await until(async () => (await stage.browsers()).length === 1 || undefined, 8000)
    expect(gone).toBe(true)
    const states = async () => (await runs()).map(({ state }) => state).sort()
    expect(await states()).toEqual(['ended', 'live'])
    const left = await until(() => started.find((browser) => browser.isConnected()), 1000)
    const page = await left?.newPage()
    await page?.goto(site.url)
    expect(await page?.title()).toBe('Counting /')
  })

  it('leave a companion that ends by itself when nobody needs it', async () => {
    await Promise.all(started.map((browser) => browser.close()))
    expect(await stage.browsers()).toEqual([])
    const pid = stage.pid() ?? 0
    const ended = await until(() => !existsSync(filesOf(stage.home).state) || undefined, 30_000)
    expect(ended).toBe(true)
    expect(await until(() => !isAlive(pid) || undefined, 5000)).toBe(true)
  })
})

function env(): Record<string, string> {
  const { PATH = '' } = process.env
  return { PATH, HOLDPOINT_HOME: stage.home }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // it has ended
  }
}
