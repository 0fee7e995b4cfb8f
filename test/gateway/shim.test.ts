import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { chromium } from '@playwright/test'
import puppeteer from 'puppeteer-core'
import { Builder } from 'selenium-webdriver'
import { Options, ServiceBuilder } from 'selenium-webdriver/chrome.js'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProgram } from '#companion/browser/find-browser.ts'
import { startCompanion } from '#companion/commands/start-companion.ts'

const folder = resolve('node_modules/.cache/holdpoint/shim-test')
const executablePath = join(folder, 'holdpoint-chrome')
const page = 'data:text/html,<title>supervised</title><button>Go</button>'
let home: string

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      rollupOptions: {
        input: { shim: resolve('test/gateway/shim-entry.ts') },
        output: { entryFileNames: '[name].mjs' },
      },
    },
  })
  const script = `#!/bin/sh\nexec "${process.execPath}" "${join(folder, 'shim.mjs')}" "$@"\n`
  mkdirSync(folder, { recursive: true })
  writeFileSync(executablePath, script)
  chmodSync(executablePath, 0o755)
  home = mkdtempSync(join(tmpdir(), 'holdpoint-shim-'))
  process.env.HOLDPOINT_HOME = home
})
afterAll(() => {
  delete process.env.HOLDPOINT_HOME
  for (const made of [home, folder])
    rmSync(made, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})

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

  it('says what to do where a companion has the home folder', async () => {
    const companion = await startCompanion({ home, port: 0, report: () => undefined })
    const { status, stderr } = start('--headless', '--remote-debugging-port=0')
    await companion.stop()
    expect(stderr).toMatch(/already[\s\S]*holdpoint gateway[\s\S]*HOLDPOINT_HOME/)
    expect(stderr).not.toContain(companion.token)
    expect(status).not.toBe(0)
  })

  it('leaves nothing of itself when its client is gone', async () => {
    const server = await chromium.launchServer({ executablePath })
    const profiles = () => existsSync(join(home, 'companion.json'))
    expect(profiles()).toBe(true)
    await server.close()
    expect(profiles()).toBe(false)
  })
})
