import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { paramsOf, textOf } from '#companion/gateway/cdp.ts'
import { type AgentPage, HostBench } from './host-bench.ts'
import type { RawAgent } from './raw-agent.ts'
import { until } from './requests-bench.ts'

/** A rule lets `Save` go. A hostile agent tries to send something else under that click: from scripts of
 * its own, by changing what the page sends, or by changing what lies under the pointer. */

const APP = `<!doctype html><title>app</title><style>body > * { position: absolute; left: 10px; top: 10px;
  width: 200px; height: 60px }</style><button id=go onclick="save()">Save changes</button>
  <form id=pay method=post action=/evil/transfer style="left:9999px"><input name=amount value=5>
  <button style="width:200px;height:60px">Transfer</button></form><script src=/app.js></script>`
const FORM = `<!doctype html><title>form</title><form method=post action=/saved><input name=amount value=5>
  <button id=go>Save changes</button></form>`

let bench: HostBench
let agent: RawAgent
let page: AgentPage

beforeAll(async () => {
  bench = await HostBench.start({
    pages: {
      '/app': APP,
      '/form': FORM,
      '/app.js': `function send(to, body) { return fetch(to, { method: 'POST', body }) }
        function save() { send('/saved', 'x') }`,
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
  if (page) await agent.call('Target.closeTarget', { targetId: page.targetId })
  bench.site.hits.length = 0
})

const evil = () => bench.site.mutating().filter((hit) => hit.includes('evil'))

it('what the click itself causes goes along', async () => {
  page = await bench.open(agent, '/app')
  await page.click('#go')
  await until(() => bench.site.mutating().includes('POST /saved'), 10_000)
})

describe("an agent's script does not go along:", () => {
  const post = `fetch('ORIGIN/evil', { method: 'POST' })`
  it.each([
    ['by a timer that was set before', `setTimeout(() => ${post}, 600)`],
    ['by a listener', `document.addEventListener('click', () => ${post})`],
    [
      'by a function that it put in place of one',
      `const old = send; send = (...a) => { old('/evil'); old(...a) }`,
    ],
    ['by an attribute', `go.setAttribute('onclick', "save(); ${post.replaceAll("'", '`')}")`],
    [
      'by a script element',
      `document.body.append(Object.assign(document.createElement('script'),
        { textContent: ${JSON.stringify(`document.addEventListener('click', () => ${post})`)} }))`,
    ],
    [
      'by a blob',
      `document.body.append(Object.assign(document.createElement('script'),
        { src: URL.createObjectURL(new Blob([${JSON.stringify(`document.addEventListener('click', () => ${post})`)}])) }))`,
    ],
    [
      'by an address that it claims',
      `(0, eval)(${JSON.stringify(`document.addEventListener('click', () => ${post})`)} + '\\n//# source' + 'URL=ORIGIN/app.js')`,
    ],
    [
      'by a frame',
      `document.body.append(Object.assign(document.createElement('iframe'), { hidden: true, srcdoc:
        ${JSON.stringify(`<script>parent.addEventListener('click', () => ${post})<`)} + '/script>' }))`,
    ],
  ])('%s', async (name, code) => {
    page = await bench.open(agent, '/app')
    // What was denied once is not asked again, so each has an address of its own.
    const path = `/evil-${name.replaceAll(' ', '-')}`
    await page.evaluate(
      `${code.replaceAll('/evil', path).replaceAll('ORIGIN', bench.site.origin)}; 1`,
    )
    await pause(100)
    await page.click('#go')
    await bench.held(new RegExp(path))
    expect(evil()).toEqual([])
  })
})

describe('what the click sends is not changed on its way:', () => {
  it.each([
    ['its body', { postData: Buffer.from('amount=5').toString('base64') }],
    ['its address', { url: '/evil' }],
    ['a header', { headers: [{ name: 'X-Account', value: 'other' }] }],
    ['its type', { headers: [{ name: 'Content-Type', value: 'application/xml' }] }],
  ])('%s', async (_name, made) => {
    page = await bench.open(agent, '/app')
    await page.ask('Fetch.enable', { patterns: [{ urlPattern: '*/saved' }] })
    const { session } = page
    agent.onMessage((message) => {
      if (message.method !== 'Fetch.requestPaused' || message.sessionId !== session) return
      const requestId = textOf(paramsOf(message.params).requestId)
      const url = 'url' in made ? { url: `${bench.site.origin}${made.url}` } : {}
      agent.send('Fetch.continueRequest', { requestId, ...made, ...url }, session)
    })
    await page.click('#go')
    await pause(1200)
    expect(bench.site.mutating()).toEqual([])
  })
})

describe('what lies under the pointer is not changed:', () => {
  it.each([
    [
      'a form that comes at the press',
      `addEventListener('pointerdown', () => { pay.style.left = '10px' }, true)`,
    ],
    [
      'a click that sends another form',
      `addEventListener('click', () => pay.requestSubmit(), true)`,
    ],
    [
      'a label for another button',
      `pay.querySelector('button').id = 'b'; const l = document.createElement('label')
        l.htmlFor = 'b'; l.textContent = 'Save changes'; document.body.append(l)`,
    ],
  ])('%s', async (_name, code) => {
    page = await bench.open(agent, '/app')
    await page.evaluate(`{ ${code} } 1`)
    void page.click('#go').catch(() => undefined)
    await pause(1500)
    expect(evil()).toEqual([])
  })

  it.each([
    ['another address', `go.formAction = '/evil'`],
    ['another amount', `document.forms[0].amount.value = '5000'`],
  ])('%s of the form', async (_name, change) => {
    page = await bench.open(agent, '/form')
    await page.evaluate(`addEventListener('mousedown', () => { ${change} }); 1`)
    void page.click('#go').catch(() => undefined)
    await pause(1500)
    expect(bench.site.mutating()).toEqual([])
  })
})
