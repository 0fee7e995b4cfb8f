import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Params, paramsOf, textOf } from '#companion/gateway/cdp.ts'
import type { RunHandle } from '#companion/gateway/gateway.ts'
import { HostBench, toldBy } from './host-bench.ts'
import type { RawAgent } from './raw-agent.ts'
import { quiet, until } from './requests-bench.ts'

/** Runs beside each other, and a person's hand on one. */

let bench: HostBench

beforeAll(async () => {
  bench = await HostBench.start({
    pages: {
      '/login': (request, response) => {
        const who = new URL(request.url ?? '', 'http://x').searchParams.get('who')
        response.setHeader('set-cookie', `who=${who}; Path=/; HttpOnly`)
        response.setHeader('content-type', 'text/html').end('<title>in</title>')
      },
      '/shop': `<title>Shop</title><script>localStorage.visits = (+localStorage.visits || 0) + 1</script>
        <button id="pay" onclick="fetch('/pay', { method: 'POST', body: '40' })">Pay 40 USD</button>
        <button id="send" onclick="fetch('/send', { method: 'POST', body: 'x' })">Send it</button>
        <button id="more" onclick="this.textContent = 'shown'">Show details</button>`,
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

const waits = (answer: Promise<unknown>) =>
  Promise.race([answer.then(() => 'answered'), quiet(500).then(() => 'waits')])

/** Which cookie the server got with the last GET of an address. */
const cookieOf = (path: string) =>
  bench.site.hits.findLast((hit) => hit.path === path)?.headers.cookie

const cookieNames = ({ cookies }: Params) =>
  Array.isArray(cookies) ? cookies.map((cookie) => textOf(paramsOf(cookie).name)) : []

async function setRun(run: RunHandle, state: 'paused' | 'live' | 'killed'): Promise<number> {
  const body = JSON.stringify({ state })
  return (await bench.api(`/v1/runs/${run.id}`, { method: 'POST', body })).status
}

describe('two agents in two runs', () => {
  it('know nothing of each other: no target, no cookie, no storage, no hold', async () => {
    const run = await bench.host.newRun({ name: 'second', agent: 'second' })
    const one = await bench.agent()
    const two = await bench.agent(run)
    for (const agent of [one, two])
      await agent.call('Target.setDiscoverTargets', { discover: true, filter: [{}] })
    const mine = await bench.open(one, '/login?who=one')
    const theirs = await bench.open(two, '/shop?two')
    expect(cookieOf('/shop?two')).toBeUndefined()
    expect(cookieNames(await two.call('Storage.getCookies'))).toEqual([])
    expect(await theirs.evaluate('localStorage.visits')).toBe('1')
    const shop = await bench.open(one, '/shop?one')
    expect(cookieOf('/shop?one')).toBe('who=one')
    expect(await shop.evaluate('localStorage.visits')).toBe('1')

    const { targetId } = mine
    const attached = await two.ask('Target.attachToTarget', { targetId, flatten: true })
    expect(attached.error?.message).toMatch(/No target/)
    const session = await two.ask('Runtime.evaluate', { expression: '1' }, mine.session)
    expect(session.error?.message).toMatch(/Session with given id not found/)
    expect((await two.ask('Target.closeTarget', { targetId })).error).toBeDefined()
    const params = { browserContextId: bench.pages()[0]?.browserContextId ?? '' }
    expect((await two.ask('Storage.getCookies', params)).error).toBeDefined()
    expect(JSON.stringify(two.messages)).not.toContain(targetId)
    expect(JSON.stringify(one.messages)).not.toContain(theirs.targetId)

    const paying = shop.click('#pay')
    const hold = await bench.held('Pay 40 USD')
    expect(hold.descriptor.run?.id).toBe(bench.run.id)
    // The very same action of the other run is a question of its own.
    const too = theirs.click('#pay')
    await until(async () => (await bench.holds()).length === 2)
    const other = (await bench.holds()).find(({ id }) => id !== hold.id)
    expect(other?.descriptor.run?.id).toBe(run.id)
    expect(await bench.verdict(hold.id, 'approve')).toBe(200)
    expect((await paying).error).toBeUndefined()
    await until(() => bench.site.mutating().length > 0)
    expect(await waits(too)).toBe('waits')
    expect(bench.site.mutating()).toEqual(['POST /pay'])
    expect(await bench.verdict(other?.id ?? '', 'deny')).toBe(200)
    expect(toldBy(await too)).toContain('denied')
    one.end()
    two.end()
    await run.end()
  })
})

describe('two connections of one run, each with a context of its own', () => {
  it('have cookies and sessions of their own', async () => {
    const login = async (agent: RawAgent, who: string) => {
      const { browserContextId } = await agent.call('Target.createBrowserContext', {
        disposeOnDetach: true,
      })
      const page = await bench.open(agent, `/login?who=${who}`, { browserContextId })
      return { page, browserContextId }
    }
    const one = await bench.agent()
    const two = await bench.agent()
    const ofOne = await login(one, 'ana')
    const ofTwo = await login(two, 'ben')
    await bench.open(one, '/shop?ana', { browserContextId: ofOne.browserContextId })
    await bench.open(two, '/shop?ben', { browserContextId: ofTwo.browserContextId })
    expect(cookieOf('/shop?ana')).toBe('who=ana')
    expect(cookieOf('/shop?ben')).toBe('who=ben')
    // A session is its connection's alone, whatever else the two may know of each other.
    const session = await two.ask('Runtime.evaluate', { expression: '1' }, ofOne.page.session)
    expect(session.error?.message).toMatch(/Session with given id not found/)
    one.end()
    await until(() => !bench.pages().some(({ id }) => id === ofOne.page.targetId))
    two.end()
  })
})

describe('a run that a person pauses', () => {
  it('does nothing until it is resumed, not even what was approved meanwhile', async () => {
    const agent = await bench.agent()
    const page = await bench.open(agent, '/shop?paused')
    const other = await bench.open(agent, '/shop?other')
    const paying = page.click('#pay')
    const hold = await bench.held('Pay 40 USD')
    expect(await setRun(bench.run, 'paused')).toBe(200)
    bench.site.hits.length = 0

    const typed = page.ask('Runtime.evaluate', { expression: 'document.title = "changed"' })
    const going = other.ask('Page.navigate', { url: `${bench.site.origin}/elsewhere` })
    const listed = agent.ask('Target.getTargets')
    expect(await bench.verdict(hold.id, 'approve')).toBe(200)
    for (const answer of [paying, typed, going, listed]) expect(await waits(answer)).toBe('waits')
    expect(bench.site.hits).toEqual([])
    const target = bench.pages().find(({ id }) => id === page.targetId)
    const { result } = paramsOf(
      await target?.session.call('Runtime.evaluate', { expression: 'document.title' }),
    )
    expect(paramsOf(result).value).toBe('Shop')

    expect(await setRun(bench.run, 'live')).toBe(200)
    expect((await paying).error).toBeUndefined()
    for (const answer of [typed, going, listed]) expect((await answer).error).toBeUndefined()
    await until(() => bench.site.mutating().length > 0)
    await until(() => bench.site.hits.some(({ path }) => path === '/elsewhere'))
    expect(bench.site.mutating()).toEqual(['POST /pay'])
    agent.end()
  })

  it('takes what was approved meanwhile first, and then what the agent has sent since', async () => {
    const agent = await bench.agent()
    const page = await bench.open(agent, '/shop?order')
    const paying = page.click('#pay')
    const hold = await bench.held('Pay 40 USD')
    expect(await setRun(bench.run, 'paused')).toBe(200)
    bench.site.hits.length = 0
    const going = page.ask('Page.navigate', { url: `${bench.site.origin}/elsewhere` })
    expect(await bench.verdict(hold.id, 'approve')).toBe(200)
    expect(await waits(going)).toBe('waits')
    expect(await setRun(bench.run, 'live')).toBe(200)
    // The click was sent before the page was left.
    expect((await paying).error).toBeUndefined()
    expect((await going).error).toBeUndefined()
    const order = () => agent.messages.flatMap(({ id }) => id ?? [])
    const [press, left] = [(await paying).id ?? 0, (await going).id ?? 0]
    expect(order().indexOf(press)).toBeLessThan(order().indexOf(left))
    expect(bench.reported).toEqual([])
    agent.end()
  })

  it('and ends is gone at once: connection, port, pages and whatever it had held', async () => {
    const run = await bench.host.newRun({ name: 'killed', agent: 'killed' })
    const agent = await bench.agent(run)
    const page = await bench.open(agent, '/shop?killed')
    page.click('#pay').catch(() => undefined) // nobody is left to be answered
    const click = await bench.held('Pay 40 USD')
    const second = await bench.open(agent, '/shop?script')
    agent.send(
      'Runtime.evaluate',
      { expression: `fetch('/by-script', { method: 'POST', body: 'x' })` },
      second.session,
    )
    const request = await bench.held(/by-script/)
    expect(await setRun(run, 'killed')).toBe(200)
    await agent.closed
    for (const { id } of [click, request]) {
      expect((await bench.hold(id)).state).toBe('withdrawn')
      expect(await bench.verdict(id, 'approve')).toBe(409)
    }
    await expect(fetch(`${run.cdp}/json/version`)).rejects.toThrow()
    await until(() => bench.pages(run).length === 0)
    await quiet(500)
    expect(bench.site.mutating()).toEqual([])
    expect(await setRun(run, 'live')).toBe(410)
  })
})
