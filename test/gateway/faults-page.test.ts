import { chromium } from '@playwright/test'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AgentPage, HostBench, toldBy } from './host-bench.ts'
import type { RawAgent } from './raw-agent.ts'
import { quiet, until } from './requests-bench.ts'

/** A page that changes what is held, or starts something that nobody watches yet. */

const order = `<title>Order</title>
  <form id="form" method="post" action="/orders/1/pay">
    <label>Amount <input name="amount" value="40.00 USD"></label>
    <button id="pay">Pay order</button>
  </form>
  <button id="go" onclick="fetch('/preview', { method: 'POST' })">Send preview</button>`

/** Posts as soon as it runs, in the first line of what an agent's page has opened. */
const posts = (path: string) => `fetch(${JSON.stringify(path)}, { method: 'POST', body: 'x' })`

let bench: HostBench
let agent: RawAgent

beforeAll(async () => {
  bench = await HostBench.start({
    pages: {
      '/order': order,
      '/links': '<a href="/leaflet" target="_blank">Show the leaflet</a>',
      '/leaflet': `<script>${posts('/from-leaflet')}</script>`,
      '/popup': `<script>${posts('/from-popup')}</script>`,
      '/frame': `<script>${posts('/from-frame')}</script>`,
      '/dedicated.js': posts('/from-dedicated'),
      '/shared.js': posts('/from-shared'),
      '/service.js': posts('/from-service'),
    },
  })
  agent = await bench.agent()
})
afterAll(async () => {
  agent?.end()
  await bench?.stop()
  expect(bench?.reported).toEqual([])
})
beforeEach(() => {
  bench.site.hits.length = 0
})

/** The page as itself changes something, behind the agent's and the person's back. */
async function behindTheBack(page: AgentPage, expression: string): Promise<void> {
  const target = bench.pages().find(({ id }) => id === page.targetId)
  await target?.session.call('Runtime.evaluate', { expression })
}

describe('a page that changes under a held click', () => {
  it.each([
    {
      what: 'the button',
      button: '#go',
      name: 'Send preview',
      change: `go.textContent = 'Delete account'; go.onclick = () => fetch('/account', { method: 'DELETE' })`,
      after: 'Delete account',
      says: /Send preview.*Delete account/,
    },
    {
      what: 'an amount',
      button: '#pay',
      name: 'Pay order',
      change: `form.amount.value = '9000.00 USD'`,
      after: 'Pay order',
      says: /40\.00.*9000\.00/,
    },
    {
      what: 'where a form goes',
      button: '#pay',
      name: 'Pay order',
      change: `form.setAttribute('action', '/orders/1/transfer-all')`,
      after: 'Pay order',
      says: /orders\/1\/pay.*transfer-all/,
    },
  ])('is asked about again, with the difference: $what', async (swap) => {
    const page = await bench.open(agent, `/order?${encodeURIComponent(swap.what)}`)
    const clicking = page.click(swap.button)
    const hold = await bench.held(swap.name)
    await behindTheBack(page, swap.change)
    expect(await bench.verdict(hold.id, 'approve')).toBe(200)
    const anew = await until(async () =>
      (await bench.holds()).find(({ replaces }) => replaces === hold.id),
    )
    expect(anew.descriptor.target.name).toBe(swap.after)
    expect(JSON.stringify(anew.changes)).toMatch(swap.says)
    expect((await bench.hold(hold.id)).state).toBe('withdrawn')
    await quiet(200)
    expect(bench.site.mutating()).toEqual([])

    expect(await bench.verdict(anew.id, 'deny', 'that is another thing')).toBe(200)
    expect(toldBy(await clicking)).toContain('that is another thing')
    await quiet(200)
    expect(bench.site.mutating()).toEqual([])
  })

  it('into something the very same is let go as approved', async () => {
    const page = await bench.open(agent, '/order?same')
    const clicking = page.click('#pay')
    const hold = await bench.held('Pay order')
    await behindTheBack(page, 'form.replaceWith(form.cloneNode(true))')
    expect(await bench.verdict(hold.id, 'approve')).toBe(200)
    expect((await clicking).error).toBeUndefined()
    await until(() => bench.site.mutating().length > 0)
    expect(bench.site.mutating()).toEqual(['POST /orders/1/pay'])
    expect(await bench.holds()).toEqual([])
  })
})

describe("what an agent's page starts", () => {
  it('in a new tab by a link reaches a client that waits for it', async () => {
    const browser = await chromium.connectOverCDP(bench.run.cdp)
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${bench.site.origin}/links`)
    const opened = context.waitForEvent('page', { timeout: 5000 })
    await page.click('a')
    const popup = await opened
    await popup.waitForLoadState()
    expect(popup.url()).toBe(`${bench.site.origin}/leaflet`)
    const hold = await bench.held(/from-leaflet/)
    expect(bench.site.mutating()).toEqual([])
    expect(await bench.verdict(hold.id, 'deny')).toBe(200)
    await context.close()
    await browser.close()
    expect(bench.site.mutating()).toEqual([])
  })

  it.each([
    { what: 'a popup', by: `void open('/popup')`, path: /from-popup/ },
    {
      what: 'a popup without an opener',
      by: `void open('/popup?n', '', 'noopener')`,
      path: /from-popup/,
    },
    { what: 'a frame', by: frame('/frame'), path: /from-frame/ },
    { what: 'a frame of another site', by: frame('OTHER/frame'), path: /from-frame/ },
    { what: 'a sandboxed frame', by: frame('/frame', 'allow-scripts'), path: /from-frame/ },
    { what: 'a dedicated worker', by: `void new Worker('/dedicated.js')`, path: /from-dedicated/ },
    {
      what: 'a worker of a blob',
      by: `void new Worker(URL.createObjectURL(new Blob(["fetch(${'`'}\${location.href.match(/http.*?:\\\\d+/)[0]}/from-blob${'`'}, { method: 'POST' })"])))`,
      path: /from-blob/,
    },
    { what: 'a shared worker', by: `void new SharedWorker('/shared.js')`, path: /from-shared/ },
    {
      what: 'a service worker',
      by: `void navigator.serviceWorker.register('/service.js')`,
      path: /from-service/,
    },
  ])('is watched before it runs: $what', async ({ by, path }) => {
    const page = await bench.open(agent, '/order?starts')
    await page.evaluate(by.replace('OTHER', bench.site.foreign))
    const hold = await bench.held(path)
    await quiet(150)
    expect(bench.site.mutating()).toEqual([])
    expect(hold.descriptor.run?.id).toBe(bench.run.id)
    expect(await bench.verdict(hold.id, 'approve')).toBe(200)
    await until(() => bench.site.mutating().length > 0)
    expect(bench.site.mutating()).toHaveLength(1)
    expect(await bench.holds()).toEqual([])
  })
})

function frame(src: string, sandbox?: string): string {
  const box = sandbox === undefined ? '' : `f.setAttribute('sandbox', '${sandbox}');`
  return `{ const f = document.createElement('iframe'); ${box} f.src = '${src}'; void document.body.append(f) }`
}
