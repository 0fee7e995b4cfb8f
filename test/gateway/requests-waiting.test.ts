import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AgentPage, HostBench } from './host-bench.ts'
import type { RawAgent } from './raw-agent.ts'
import { quiet, until } from './requests-bench.ts'

/** Requests that wait: for a person longer than the agent can, and for a run that is paused. */

let bench: HostBench
let agent: RawAgent
let page: AgentPage

beforeAll(async () => {
  bench = await HostBench.start({
    pages: {
      '/app': `<!doctype html><title>app</title><button id=save>Save changes</button>
        <form method=post action=/form><input name=a value=1></form>
        <script>save.addEventListener('click', () => setTimeout(() => fetch('/saved', { method: 'POST' }), 400))
        setInterval(() => fetch('/api/search', { method: 'POST' }), 300)</script>`,
    },
    policy: `version: 1\nrules:
  - { id: save, effect: allow, on: { capability: update } }
  - { id: listed, effect: allow, on: { request: "http://127.0.0.1:*/listed" } }\n`,
  })
  agent = await bench.agent(bench.run, { 'x-holdpoint-client': 'playwright-mcp' })
})
afterAll(async () => {
  agent?.end()
  await bench?.stop()
})
afterEach(async () => {
  bench.run.resume()
  for (const { id } of await bench.holds()) await bench.verdict(id, 'deny')
  expect(bench.reported).toEqual([])
})

const sent = (path: string) => bench.site.mutating().filter((hit) => hit === `POST ${path}`).length

it('a form waits no longer than its agent, says so, and goes once when it is sent again', async () => {
  page = await bench.open(agent, '/app')
  await page.ask('Runtime.enable')
  await page.evaluate('document.forms[0].submit(); 1')
  const hold = await bench.held(/form$/)
  // The browser answers nothing that concerns the page for as long.
  const began = performance.now()
  expect(await page.evaluate('document.forms[0].a.value')).toBe('1')
  expect(performance.now() - began).toBeLessThan(6000)
  const said = await agent.event('Runtime.consoleAPICalled')
  expect(JSON.stringify(said.params)).toContain('pending, NOT executed')
  expect(await bench.verdict(hold.id, 'approve')).toBe(200)
  await quiet(300)
  expect(sent('/form')).toBe(0)
  await page.evaluate('document.forms[0].submit(); 1')
  await until(() => sent('/form') === 1)
  await page.at(`${bench.site.origin}/form`)
  page = await bench.open(agent, '/app')
  await page.evaluate('document.forms[0].submit(); 1')
  await bench.held(/form$/)
  expect(sent('/form')).toBe(1)
})

describe('while its run is paused nothing of an agent goes out:', () => {
  it.each([
    ['a request that a rule allows', `fetch('/listed', { method: 'POST' })`, '/listed'],
    ['what its click causes', '', '/saved'],
  ])('%s', async (_, code, path) => {
    page = await bench.open(agent, '/app')
    const before = sent(path)
    if (code === '') await page.click('#save')
    else await page.evaluate(`void setTimeout(() => ${code}, 400); 1`)
    bench.run.pause()
    const reads = sent('/api/search')
    await quiet(1200)
    expect(sent(path)).toBe(before)
    // What the page reads by itself goes on.
    expect(sent('/api/search')).toBeGreaterThan(reads)
    bench.run.resume()
    await until(() => sent(path) === before + 1)
  })

  it('and nothing ever, once it was killed', async () => {
    page = await bench.open(agent, '/app')
    const before = sent('/listed')
    await page.evaluate(
      `void setTimeout(() => fetch('/listed', { method: 'POST', keepalive: true }), 200); 1`,
    )
    bench.run.pause()
    await quiet(700)
    await bench.run.kill()
    await quiet(500)
    expect(sent('/listed')).toBe(before)
  })
})
