import { request } from 'node:http'
import { chromium } from '@playwright/test'
import puppeteer from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Params, paramsOf } from '#companion/gateway/cdp.ts'
import { HostBench } from './host-bench.ts'
import type { RawAgent } from './raw-agent.ts'
import { until } from './requests-bench.ts'

/** The proxy asks the browser for a password, as it does where the kernel cannot say whose a connection
 * is. No page and no agent notices. */

const login = (said: string | undefined) => said === `Basic ${btoa('me:mine')}`

let bench: HostBench
let agent: RawAgent

beforeAll(async () => {
  bench = await HostBench.start({
    proxyPassword: true,
    pages: {
      '/page': '<!doctype html><title>page</title><body>',
      '/secret': ({ headers }, response) => {
        const knows = login(headers.authorization)
        response.writeHead(knows ? 200 : 401, { 'www-authenticate': 'Basic realm="site"' })
        response.end(knows ? '<title>secret</title>' : '<title>who are you</title>')
      },
      '/worker.js': (_request, response) => {
        response.setHeader('content-type', 'text/javascript')
        response.end(
          `fetch('/from-worker'); new WebSocket(location.origin.replace('http', 'ws') + '/worker-socket')`,
        )
      },
    },
  })
  agent = await bench.agent()
})
afterAll(async () => {
  agent?.end()
  await bench?.stop()
})

const reached = (path: string) =>
  until(() => bench.site.hits.some((hit) => hit.path === path), 5000)

async function blank() {
  const { browserContextId } = await agent.call('Target.createBrowserContext')
  return await bench.open(agent, 'about:blank', { browserContextId })
}

describe('a new context may begin with', () => {
  const add = (tag: string, of: string) =>
    `document.body.append(Object.assign(document.createElement('${tag}'), ${of}))`
  it.each([
    ['an image', (url: string) => add('img', `{ src: '${url}' }`)],
    ['a script', (url: string) => add('script', `{ src: '${url}' }`)],
    ['a style sheet', (url: string) => add('link', `{ rel: 'stylesheet', href: '${url}' }`)],
    ['a frame', (url: string) => add('iframe', `{ src: '${url}' }`)],
    ['a fetch', (url: string) => `void fetch('${url}', { mode: 'no-cors' })`],
  ])('%s', async (name, script) => {
    const path = `/first?${encodeURIComponent(name)}`
    const page = await blank()
    await page.evaluate(script(`${bench.site.origin}${path}`))
    await reached(path)
  })

  it('a WebSocket', async () => {
    const page = await blank()
    const url = `${bench.site.origin.replace('http', 'ws')}/first-socket`
    await page.evaluate(`void new WebSocket('${url}')`)
    // It has got to the gate, which is behind the password.
    await bench.held(/first-socket/)
  })
})

it('workers and their WebSockets go through', async () => {
  const page = await bench.open(agent, '/page')
  await page.evaluate(`void new Worker('/worker.js')`)
  await reached('/from-worker')
  await bench.held(/worker-socket/)
})

it('Puppeteer goes through, also in a context of its own', async () => {
  const browser = await puppeteer.connect({ browserURL: bench.run.cdp, defaultViewport: null })
  const context = await browser.createBrowserContext()
  for (const page of [await browser.newPage(), await context.newPage()]) {
    await page.goto(`${bench.site.origin}/page`)
    expect(await page.title()).toBe('page')
  }
  await browser.disconnect()
})

describe("a server's own question", () => {
  it('is answered by the agent where it takes it on', async () => {
    const browser = await chromium.connectOverCDP(bench.run.cdp)
    const httpCredentials = { username: 'me', password: 'mine' }
    const page = await (await browser.newContext({ httpCredentials })).newPage()
    await page.goto(`${bench.site.origin}/secret`)
    expect(await page.title()).toBe('secret')
    await browser.close()
  })

  it('fails as without a password where nobody does', async () => {
    const browser = await chromium.connectOverCDP(bench.run.cdp)
    const page = await (await browser.newContext()).newPage()
    const went = page.goto(`${bench.site.origin}/secret`)
    await expect(went).rejects.toThrow('ERR_INVALID_AUTH_CREDENTIALS')
    await browser.close()
  })

  it('that claims to be the proxy’s gets no password', async () => {
    const page = await blank()
    const seen: Params[] = []
    agent.onMessage((message) => {
      if (message.method === 'Fetch.authRequired') seen.push(paramsOf(message.params))
    })
    await page.ask('Fetch.enable', { handleAuthRequests: true, patterns: [{ urlPattern: '*' }] })
    agent.onMessage(({ method, params, sessionId }) => {
      const { requestId } = paramsOf(params)
      if (method === 'Fetch.requestPaused')
        agent.send('Fetch.continueRequest', { requestId }, sessionId)
      if (method === 'Fetch.authRequired')
        agent.send(
          'Fetch.continueWithAuth',
          { requestId, authChallengeResponse: { response: 'CancelAuth' } },
          sessionId,
        )
    })
    await page.ask('Page.navigate', { url: `${bench.site.origin}/secret` })
    await until(() => seen.length > 0, 5000)
    expect(seen.map(({ authChallenge }) => paramsOf(authChallenge).source)).toEqual(['Server'])
  })
})

it('an agent hears neither of the hidden page nor of the password', async () => {
  const page = await bench.open(agent, '/page')
  await page.ask('Network.enable')
  await page.evaluate(`fetch('/once-more').then((answer) => answer.text())`)
  await agent.event('Network.requestWillBeSentExtraInfo')
  const told = JSON.stringify(agent.messages)
  expect(told.toLowerCase()).not.toMatch(/hello\.holdpoint|proxy-authorization/)
  expect(bench.reported).toEqual([])
})

it('whoever has no password gets nothing through', async () => {
  const [origin] = [...bench.companion.origins].flatMap((origins) => origins())
  const { port } = new URL(origin ?? '')
  const status = await new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path: `${bench.site.origin}/stranger` }, (answer) =>
      resolve(answer.statusCode),
    )
      .on('error', reject)
      .end()
  })
  expect(status).toBe(407)
  expect(bench.site.hits.some(({ path }) => path === '/stranger')).toBe(false)
})
