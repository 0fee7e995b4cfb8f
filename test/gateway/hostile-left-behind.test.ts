import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AgentPage, HostBench } from './host-bench.ts'
import type { RawAgent } from './raw-agent.ts'
import { until } from './requests-bench.ts'

/** A rule lets `Save` go. A hostile agent leaves functions of the browser's own in the page, which leave no
 * trace in a stack, to run while that click covers what the page does: they send a form, or run the
 * page's own listeners. */

const APP = `<!doctype html><title>app</title><button id=go>Save changes</button>
  <button id=row data-row=1>Row</button><button id=lib>Save with a library</button>
  <button id=sends>Save this form</button><form id=other method=post action=/form><input name=a value=1></form>
  <form id=ajax method=post action=/ajax><input name=a value=1><button>x</button></form>
  <script src=/app.js></script>`

let bench: HostBench
let agent: RawAgent
let page: AgentPage

beforeAll(async () => {
  bench = await HostBench.start({
    pages: {
      '/app': APP,
      '/app.js': `{ const post = (to) => fetch(to, { method: 'POST', body: 'x' })
        const name = new URLSearchParams(location.search).get('name')
        document.addEventListener('click', ({ target }) => { if (target.dataset?.row) post('/row-' + name) })
        document.addEventListener('submit', (event) => { if (event.target === ajax) { event.preventDefault(); post('/row-' + name) } })
        go.addEventListener('click', () => { window.saved = true })
        lib.addEventListener('click', () => row.click())
        sends.addEventListener('click', () => { Promise.resolve().then(() => other.submit()) })
        other.setAttribute('action', '/form-' + name) }`,
    },
    policy: 'version: 1\nrules:\n  - { id: save, effect: allow, on: { capability: update } }\n',
  })
  agent = await bench.agent()
})
afterAll(async () => {
  agent?.end()
  await bench?.stop()
})
afterEach(async () => {
  for (const { id } of await bench.holds()) await bench.verdict(id, 'deny')
  await agent.call('Target.closeTarget', { targetId: page.targetId })
  expect(bench.reported).toEqual([])
})

const open = async (name: string) => {
  page = await bench.open(agent, `/app?name=${name}`)
}

describe('is asked about by itself:', () => {
  it.each([
    ['a form sent by a timer', `setTimeout(other.submit.bind(other), 500)`, 'form'],
    ['a form sent by a listener', `go.addEventListener('click', other.submit.bind(other))`, 'form'],
    ['a form asked for by a timer', `setTimeout(other.requestSubmit.bind(other), 500)`, 'form'],
    ["the page's listener by a timer", `setTimeout(row.click.bind(row), 500)`, 'row'],
    [
      "the page's listener by a listener",
      `go.addEventListener('click', row.click.bind(row))`,
      'row',
    ],
    [
      "the page's listener by an event",
      `setTimeout(row.dispatchEvent.bind(row, new MouseEvent('click', { bubbles: true })), 500)`,
      'row',
    ],
    [
      "the page's listener in a document that was written anew",
      `window.again = document.documentElement.outerHTML; document.open(); document.write(again); document.close();
        setTimeout(() => { go.addEventListener('click', row.click.bind(row)) }, 300)`,
      'row',
    ],
    [
      "the page's submit listener by a timer",
      `setTimeout(ajax.requestSubmit.bind(ajax), 500)`,
      'row',
    ],
    [
      "the page's submit listener by a listener",
      `go.addEventListener('click', ajax.requestSubmit.bind(ajax, null))`,
      'row',
    ],
  ])('%s', async (text, code, kind) => {
    const name = text.replace(/\W+/g, '-')
    await open(name)
    await page.evaluate(`{ ${code} } 1`)
    await pause(400)
    void page.click('#go').catch(() => undefined)
    const hold = await bench.held(new RegExp(`/${kind}-${name}$`))
    expect(hold.descriptor.gesture).toBe('request')
    expect(bench.site.mutating()).not.toContain(`POST /${kind}-${name}`)
  })
})

describe("goes along, because the page's own code does it:", () => {
  it.each([
    ['a library that clicks', '#lib', 'row'],
    ['a form that a listener sends', '#sends', 'form'],
  ])('%s', async (text, selector, kind) => {
    const name = text.replace(/\W+/g, '-')
    await open(name)
    void page.click(selector).catch(() => undefined)
    await until(() => bench.site.mutating().includes(`POST /${kind}-${name}`), 10_000)
    expect(await bench.holds()).toEqual([])
  })
})

it('an agent hears nothing of what watches over this', async () => {
  await open('quiet')
  const session = { session: page.session }
  const contexts: unknown[] = []
  agent.onMessage((message) => {
    if (message.sessionId !== session.session) return
    if (/^(?:Runtime\.(?:console|executionContextC)|Console)/.test(message.method ?? ''))
      contexts.push(message)
  })
  await page.ask('Runtime.enable')
  await page.ask('Console.enable')
  await page.evaluate('row.click(); 1')
  await bench.held(/row-quiet$/)
  const names = JSON.stringify(contexts)
  expect(names).toContain('"isDefault":true')
  expect(names).not.toContain('consoleAPICalled')
  expect(names).not.toContain('messageAdded')
  expect(names).not.toMatch(/"name":"[vw][0-9a-f]{24}"/)
})
