import { chromium } from '@playwright/test'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HostBench, toldBy } from './host-bench.ts'
import { quiet, until } from './requests-bench.ts'

/** What becomes of held things when the agent, its client or the person in front of it gives up. */

let bench: HostBench

beforeAll(async () => {
  bench = await HostBench.start({
    pages: {
      '/shop': `<title>Shop</title>
        <form method="post" action="/orders/1/delete"><button id="delete">Delete order</button></form>
        <button id="pay" onclick="fetch('/pay', { method: 'POST', body: '40' })">Pay 40 USD</button>`,
    },
  })
})
afterAll(async () => {
  await bench?.stop()
  expect(bench?.reported).toEqual([])
})
beforeEach(() => {
  bench.site.hits.length = 0
})

describe('an agent that disconnects while its click is held', () => {
  it('takes the hold with it: no approval brings it back, and later tabs load at once', async () => {
    const agent = await bench.agent()
    const page = await bench.open(agent, '/shop')
    page.click('#delete').catch(() => undefined) // nobody is left to be answered
    const hold = await bench.held('Delete order')
    agent.end()
    expect((await bench.became(hold.id, 'withdrawn')).withdrawn).toBe('its agent has gone')
    expect(await bench.verdict(hold.id, 'approve')).toBe(409)

    const next = await bench.agent()
    const began = performance.now()
    await bench.open(next, '/shop?next')
    expect(performance.now() - began).toBeLessThan(2000)
    await quiet(300)
    expect(bench.site.mutating()).toEqual([])
    next.end()
  })

  it('does so with what its script has sent, too', async () => {
    const agent = await bench.agent()
    const page = await bench.open(agent, '/shop')
    agent.send(
      'Runtime.evaluate',
      { expression: `fetch('/by-script', { method: 'POST', body: 'x' })` },
      page.session,
    )
    const hold = await bench.held(/by-script/)
    agent.end()
    await bench.became(hold.id, 'withdrawn')
    expect(await bench.verdict(hold.id, 'approve')).toBe(409)
    await quiet(300)
    expect(bench.site.mutating()).toEqual([])
  })
})

describe('a client that gives up before the person has decided', () => {
  it('gets nothing by the approval alone, and the action once by repeating it', async () => {
    const browser = await chromium.connectOverCDP(bench.run.cdp)
    const page = await (browser.contexts()[0] ?? (await browser.newContext())).newPage()
    await page.goto(`${bench.site.origin}/shop`)
    const click = () => page.click('#delete', { timeout: 2000 })
    await expect(click()).rejects.toThrow(/Timeout 2000ms exceeded/)
    const hold = await bench.held('Delete order')
    expect(await bench.verdict(hold.id, 'approve')).toBe(200)
    await quiet(1500)
    expect(bench.site.mutating()).toEqual([])
    expect((await bench.hold(hold.id)).released).toBe(false)

    await click()
    await until(() => bench.site.mutating().length > 0)
    expect((await bench.hold(hold.id)).released).toBe(true)
    expect(await bench.holds()).toEqual([])
    await quiet(300)
    expect(bench.site.mutating()).toEqual(['POST /orders/1/delete'])
    await browser.close()
  })
})

describe('two things held at once', () => {
  it('in two tabs do not wait for each other, and what was denied once is denied at once', async () => {
    const agent = await bench.agent()
    const one = await bench.open(agent, '/shop?one')
    const two = await bench.open(agent, '/shop?two')
    const deleting = one.click('#delete')
    const deletion = await bench.held('Delete order')
    const paying = two.click('#pay')
    const payment = await bench.held('Pay 40 USD')
    expect(await bench.verdict(payment.id, 'approve')).toBe(200)
    expect((await paying).error).toBeUndefined()
    await until(() => bench.site.mutating().includes('POST /pay'))

    expect(await bench.verdict(deletion.id, 'deny', 'keep it')).toBe(200)
    const denied = toldBy(await deleting)
    expect(denied).toContain('keep it')
    expect(denied).toContain(deletion.auditId)
    const began = performance.now()
    const again = toldBy(await one.click('#delete'))
    expect(performance.now() - began).toBeLessThan(1500)
    expect(again).toBe(denied)
    expect(await bench.holds()).toEqual([])
    expect(bench.site.mutating()).toEqual(['POST /pay'])
    agent.end()
  })
})
