import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { HostBench, toldBy } from './host-bench.ts'
import type { RawAgent } from './raw-agent.ts'
import { quiet, until } from './requests-bench.ts'

/** A log that cannot be written: nothing that changes anything goes on, whatever the policy says. */

let bench: HostBench
let agent: RawAgent

beforeAll(async () => {
  bench = await HostBench.start({
    policy: `version: 1
rules:
  - { id: saving, effect: allow, on: { capability: update } }
`,
    pages: {
      '/shop': `<title>Shop</title>
        <button id="more" onclick="this.title += '+'">Show details</button>
        <button id="save" onclick="fetch('/save', { method: 'POST', body: 'x' })">Save changes</button>
        <button id="pay" onclick="fetch('/pay', { method: 'POST', body: '40' })">Pay 40 USD</button>
        <form method="post" action="/form"><button id="submit">Save form</button></form>`,
    },
  })
  agent = await bench.agent()
})
afterAll(async () => {
  agent?.end()
  await bench?.stop()
  for (const error of bench?.reported ?? []) expect(String(error)).toContain(FULL)
})
beforeEach(() => {
  bench.site.hits.length = 0
})
afterEach(() => {
  vi.restoreAllMocks()
})

const FULL = 'database or disk is full'

/** As SQLite fails on a full disk; returns how to make room again. */
function fill(): () => void {
  const { store } = bench.companion.context
  const write = vi.spyOn(store, 'write').mockRejectedValue(new Error(FULL))
  return () => write.mockRestore()
}

const posting = (path: string) =>
  `fetch('${path}', { method: 'POST', body: 'x' }).then(async (r) => r.status + ' ' + await r.text(), String)`

describe('with a full disk', () => {
  it('what a rule allows is refused, with the reason; reading goes on; all is well afterwards', async () => {
    const page = await bench.open(agent, '/shop')
    expect((await page.click('#save')).error).toBeUndefined()
    await until(() => bench.site.mutating().includes('POST /save'))
    bench.site.hits.length = 0

    const free = fill()
    for (const button of ['#save', '#submit', '#pay'])
      expect(toldBy(await page.click(button)), button).toMatch(/audit log could not be written/)
    expect(await page.evaluate(posting('/by-script'))).toMatch(/^403 .*audit_unavailable/s)
    expect(await page.evaluate(`navigator.sendBeacon('/beacon', 'x')`)).toBe(true)
    const cookie = { name: 'a', value: 'b', url: bench.site.origin }
    expect(toldBy(await page.ask('Network.setCookie', cookie))).toMatch(/audit log/)
    await page.evaluate(`void new WebSocket(location.origin.replace('http', 'ws') + '/socket')`)
    await quiet(300)
    expect(bench.site.mutating()).toEqual([])
    expect(bench.site.hits.map(({ path }) => path)).not.toContain('/socket')

    await bench.open(agent, '/shop?read')
    expect(await page.evaluate(`fetch('/data').then((r) => r.status)`)).toBe(200)
    expect(await bench.holds()).toEqual([])
    expect((await bench.api('/v1/health')).status).toBe(200)

    free()
    bench.site.hits.length = 0
    expect((await page.click('#save')).error).toBeUndefined()
    await until(() => bench.site.mutating().length > 0)
    expect(bench.site.mutating()).toEqual(['POST /save'])
  })

  it('a click that reads is refused from the second on, until the log can be written again', async () => {
    const page = await bench.open(agent, '/shop?more')
    const free = fill()
    const clicks = () => page.evaluate('document.querySelector("#more").title')
    // What reads does not wait for its record; this one is lost, and its loss is known by then.
    expect((await page.click('#more')).error).toBeUndefined()
    await until(async () => (await clicks()) === '+')
    expect(toldBy(await page.click('#more'))).toMatch(/audit log could not be written/)
    await quiet(100)
    expect(await clicks()).toBe('+')
    free()
    expect((await page.click('#more')).error).toBeUndefined()
    await until(async () => (await clicks()) === '++')
  })

  it('nobody can approve, and what was approved before is not let go', async () => {
    const page = await bench.open(agent, '/shop?held')
    const paying = page.click('#pay')
    const hold = await bench.held('Pay 40 USD')
    const free = fill()
    expect(await bench.verdict(hold.id, 'approve')).toBe(503)
    await quiet(300)
    expect(bench.site.mutating()).toEqual([])
    free()
    expect((await bench.hold(hold.id)).state).toBe('pending')

    // The disk fills up between the approval and the release.
    const { store } = bench.companion.context
    const write = store.write.bind(store)
    let written = 0
    const later = vi
      .spyOn(store, 'write')
      .mockImplementation((work) =>
        written++ === 0 ? write(work) : Promise.reject(new Error(FULL)),
      )
    expect(await bench.verdict(hold.id, 'approve')).toBe(200)
    expect(toldBy(await paying)).toMatch(/audit log could not be written/)
    await quiet(300)
    expect(bench.site.mutating()).toEqual([])
    later.mockRestore()
    expect((await bench.hold(hold.id)).released).toBe(false)
  })

  it('a person can still stop the agent', async () => {
    const run = await bench.host.newRun({ name: 'stopped', agent: 'stopped' })
    const other = await bench.agent(run)
    const free = fill()
    const body = '{"state":"killed"}'
    await bench.api(`/v1/runs/${run.id}`, { method: 'POST', body })
    await other.closed
    await expect(fetch(`${run.cdp}/json/version`)).rejects.toThrow()
    free()
  })

  it('an agent that reaches for the companion is refused all the same, and the breaker opens', async () => {
    const free = fill()
    const asked = await agent.ask('Target.createTarget', { url: bench.companion.url })
    expect(toldBy(asked)).toMatch(/out of an agent's reach/)
    free()
    expect(bench.companion.context.breaker.reason).toMatch(/own address/)
  })
})
