import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { chromium } from '@playwright/test'
import puppeteer from 'puppeteer-core'
import { Builder } from 'selenium-webdriver'
import { Options, ServiceBuilder } from 'selenium-webdriver/chrome.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProgram } from '#companion/browser/find-browser.ts'
import { until } from '#companion/practice/supervisor.ts'
import { executablePath, type ShimStage, startShimStage } from './shim-stage.ts'

const page = 'data:text/html,<title>supervised</title><button>Go</button>'
let stage: ShimStage
let home: string

// Nothing is held: what is tested is how it stands in for a browser.
beforeAll(() => {
  stage = startShimStage('version: 1\nmode: observe\n')
  home = stage.home
})
afterAll(() => stage.stop())

describe('holdpoint-chrome stands in for a browser', () => {
  it('for chromium.launch', async () => {
    const browser = await chromium.launch({ executablePath })
    const tab = await browser.newPage()
    await tab.goto(page)
    await tab.click('button')
    expect(await tab.title()).toBe('supervised')
    await browser.close()
  })

  it('for chromium.launchPersistentContext, with one page at the start', async () => {
    const profile = mkdtempSync(join(home, 'profile-'))
    const context = await chromium.launchPersistentContext(profile, { executablePath })
    expect(context.pages()).toHaveLength(1)
    await context.pages()[0]?.goto(page)
    expect(await context.pages()[0]?.title()).toBe('supervised')
    await context.close()
  })

  it('for chromium.launchServer, and those who connect to it', async () => {
    const server = await chromium.launchServer({ executablePath })
    const browser = await chromium.connect(server.wsEndpoint())
    const tab = await browser.newPage()
    await tab.goto(page)
    expect(await tab.title()).toBe('supervised')
    await browser.close()
    await server.close()
  })

  it.each([true, false])('for puppeteer.launch, pipe: %s', async (pipe) => {
    const browser = await puppeteer.launch({ executablePath, pipe })
    const tab = await browser.newPage()
    await tab.goto(page)
    await tab.click('button')
    expect(await tab.title()).toBe('supervised')
    await browser.close()
  })

  it('for @playwright/mcp --executable-path', async () => {
    const cli = resolve('node_modules/@playwright/mcp/cli.js')
    const args = [cli, '--executable-path', executablePath, '--headless', '--isolated']
    const output = ['--output-dir', join(home, 'mcp')]
    const client = new Client({ name: 'test', version: '1' })
    const { PATH = '' } = process.env
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [...args, ...output],
        env: { PATH, HOLDPOINT_HOME: home },
        stderr: 'ignore',
      }),
    )
    const call = { name: 'browser_navigate', arguments: { url: page } }
    expect(JSON.stringify(await client.callTool(call))).toContain('Page Title: supervised')
    await client.close()
  })

  const chromedriver = findProgram('chromedriver')
  it.skipIf(chromedriver === undefined)('for Selenium', async () => {
    const options = new Options()
    options.setChromeBinaryPath(executablePath).addArguments('--headless=new')
    const driver = await new Builder()
      .forBrowser('chrome')
      .setChromeOptions(options)
      .setChromeService(new ServiceBuilder(chromedriver))
      .build()
    await driver.get(page)
    expect(await driver.getTitle()).toBe('supervised')
    await driver.quit()
  })
})

describe('holdpoint-chrome', () => {
  // A client that kills what it started (chromedriver does) leaves the browser to the lease's grace.
  beforeAll(() => stage.gone(), 15_000)

  const start = (...args: string[]) =>
    spawnSync(executablePath, args, { encoding: 'utf8', timeout: 30_000 })

  it('is of the version of the browser behind it', () => {
    expect(start('--version').stdout).toMatch(/\d+\.\d+\.\d+\.\d+/)
  })

  it('says who is to start it', () => {
    const { status, stderr } = start('--headless')
    expect(stderr).toMatch(/expected --remote-debugging-pipe or --remote-debugging-port/)
    expect(status).not.toBe(0)
  })

  it('listens as a browser does, and leaves out switches that could undo supervision', async () => {
    const profile = mkdtempSync(join(home, 'profile-'))
    const switches = ['--proxy-server=http://127.0.0.1:1', `--user-data-dir=${profile}`]
    const child = spawn(
      executablePath,
      [...switches, '--headless', '--no-sandbox', '--remote-debugging-port=0'],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    const ws = () => /DevTools listening on (ws:\S+)/.exec(said)?.[1]
    const address = new URL((await until(ws, 30_000)) ?? '')
    expect(readFileSync(join(profile, 'DevToolsActivePort'), 'utf8')).toBe(
      `${address.port}\n${address.pathname}`,
    )
    expect(said).toContain('left out `--proxy-server=http://127.0.0.1:1`')
    // What it says is read by the agent, who may not answer its own holds.
    expect(said).not.toContain(stage.token())
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await stage.browsers()).toEqual([])
  })

  it('leaves nothing of itself when its client is gone', async () => {
    const server = await chromium.launchServer({ executablePath })
    expect(await stage.browsers()).toHaveLength(1)
    await server.close()
    expect(await stage.browsers()).toEqual([])
  })
})
