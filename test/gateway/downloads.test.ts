import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { HostBench } from './host-bench.ts'
import { until } from './requests-bench.ts'

/** What a download writes, and where. Without a person's word an agent may only have the folder that
 * Playwright makes, with names of the browser's choice in it. */

let bench: HostBench
let beside: string
let around: string

beforeAll(async () => {
  const file = (name: string) => ({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${name}"`,
  })
  bench = await HostBench.start({
    pages: {
      '/app': '<!doctype html><title>app</title>',
      '/up': (_request, response) =>
        void response.writeHead(200, file('../../kept.txt')).end('evil'),
      '/abs': (_request, response) =>
        void response.writeHead(200, file(join(around, 'kept.txt'))).end('evil'),
      '/same': (_request, response) => void response.writeHead(200, file('same.txt')).end('evil'),
    },
  })
  // The companion's own folder is out of reach; this one lies beside it.
  beside = `${bench.home}-test`
  around = join(beside, 'around')
  mkdirSync(around, { recursive: true })
  writeFileSync(join(around, 'kept.txt'), 'kept')
})
afterAll(async () => {
  await bench?.stop()
  rmSync(beside, { recursive: true, force: true })
})

it('are new files with names of the browser’s choice, whatever the site calls them', async () => {
  const agent = await bench.agent()
  const folder = join(beside, '.playwright-artifacts-0')
  const set = { behavior: 'allowAndName', downloadPath: folder, eventsEnabled: true }
  expect((await agent.ask('Browser.setDownloadBehavior', set)).error).toBeUndefined()
  writeFileSync(join(folder, 'same.txt'), 'kept')
  const page = await bench.open(agent, '/app')
  for (const path of ['/up', '/abs', '/same']) {
    const before = readdirSync(folder).length
    await page.evaluate(`void (location.href = '${path}')`)
    await until(() => readdirSync(folder).length > before, 5000)
  }
  const names = () => readdirSync(folder).filter((name) => !name.endsWith('.crdownload'))
  await until(() => names().length === 4, 5000)
  expect(names().filter((name) => !/^[0-9a-f-]{36}$/.test(name))).toEqual(['same.txt'])
  expect(readFileSync(join(folder, 'same.txt'), 'utf8')).toBe('kept')
  expect(readFileSync(join(around, 'kept.txt'), 'utf8')).toBe('kept')
  expect(readdirSync(beside).sort()).toEqual(['.playwright-artifacts-0', 'around'])
  expect(readdirSync(around)).toEqual(['kept.txt'])
  agent.end()
})

it('go nowhere by a link that is named as such a folder', async () => {
  const agent = await bench.agent()
  const folder = join(beside, '.playwright-artifacts-1')
  symlinkSync(around, folder)
  const set = { behavior: 'allowAndName', downloadPath: folder }
  agent.send('Browser.setDownloadBehavior', set)
  await bench.held('Browser.setDownloadBehavior')
  const page = await bench.open(agent, '/app')
  await page.evaluate(`void (location.href = '/up')`)
  await page.evaluate('new Promise((resolve) => setTimeout(resolve, 500))')
  expect(readdirSync(around)).toEqual(['kept.txt'])
  agent.end()
})

it('reach Playwright as in a plain browser', async () => {
  const browser = await chromium.connectOverCDP(bench.run.cdp)
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${bench.site.origin}/app`)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(`void (location.href = '/same')`),
  ])
  expect(readFileSync(await download.path(), 'utf8')).toBe('evil')
  expect(download.suggestedFilename()).toBe('same.txt')
  await browser.close()
})
