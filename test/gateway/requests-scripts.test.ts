import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Params, type Session, textOf } from '#companion/gateway/cdp.ts'
import type { Target } from '#companion/gateway/targets.ts'
import {
  click,
  evaluate,
  navigate,
  quiet,
  type RequestsBench,
  requestsBench,
  serve,
  until,
} from './requests-bench.ts'

/** The page's own script, which writes by one click and does nothing by another. */
const app = `
const post = (path) => fetch(path, { method: 'POST', body: 'x' })
window.api = { save: () => post('/save') }
document.getElementById('save').addEventListener('click', () => api.save())
document.getElementById('quiet').addEventListener('click', () => { window.quietly = true })
document.getElementById('loads').addEventListener('click', () => import('/chunk.js').then((m) => m.save()))
document.getElementById('library').addEventListener('click', () => window.library())
document.getElementById('tagged').addEventListener('click', () => window.tagged())
const foreign = document.createElement('script')
foreign.src = location.origin.replace('127.0.0.1', 'localhost') + '/library.js'
document.head.append(foreign)
document.head.append(document.createElement('script'))
`

/** What an agent puts in the place of the page's own. */
const instead = (body: number) =>
  `addEventListener('click', () => fetch('/evil', { method: 'POST', body: 'instead ${body}' }), true)`

let site: Awaited<ReturnType<typeof serve>>
let bench: RequestsBench
let page: { target: Target; session: Session }

beforeAll(async () => {
  site = await serve({
    '/': `<!doctype html><title>app</title><body><button id=save>save</button><button id=quiet>quiet</button>
      <button id=loads>loads</button><button id=library>library</button><button id=tagged>tagged</button>
      <button id=stops>stops</button><script src=/app.js></script><script src=/tagged.js></script>
      <script>document.getElementById('stops').addEventListener('click', () => { debugger; fetch('/stops', { method: 'POST' }); throw new Error('thrown') })</script>`,
    '/app.js': app,
    '/chunk.js': (_, response) => {
      response.setHeader('content-type', 'text/javascript')
      response.end('export const save = () => fetch("/chunk", { method: "POST" })')
    },
    '/library.js': 'window.library = () => fetch("/library", { method: "POST" })',
    '/tagged.js':
      'window.tagged = () => fetch("/tagged", { method: "POST" })\n//# sourceURL=webpack:///tagged.js',
    '/evil.js':
      'document.addEventListener("click", () => fetch("/evil", { method: "POST", body: "e" }), true)',
    '/answered.js': 'window.answered = () => 1',
    '/instead-1.js': instead(1),
    '/instead-2.js': instead(2),
    '/instead-3.html': `<button id=quiet>quiet</button><script>${instead(3)}</script>`,
  })
  bench = await requestsBench({ budget: 400 })
  page = await bench.open(`${site.origin}/`)
  await page.session.call('Runtime.enable')
})
afterAll(async () => {
  await bench?.close()
  await site?.close()
})
beforeEach(async () => {
  await navigate(page.session, `${site.origin}/`)
  site.hits.splice(0)
})
afterEach(async () => {
  for (const hold of await bench.holds()) await bench.verdict(hold.id, false)
  expect(bench.reported).toEqual([])
})

const sent = (path: string) => site.mutating().filter((hit) => hit === `POST ${path}`).length

/** Holds of requests, as `agent /evil`. */
async function asked(): Promise<string[]> {
  return (await bench.holds()).map(
    ({ descriptor: { provenance, request } }) =>
      `${provenance} ${new URL(request?.url ?? '').pathname}`,
  )
}

const spoof = () => `\n//# sourceURL=${site.origin}/app.js`
const run = (expression: string) => page.session.call('Runtime.evaluate', { expression })
let count = 0
/** Never the same twice: what was denied once is denied again without a question. */
const evil = () => `fetch("/evil", { method: "POST", body: "e${++count}" })`

/** Opens the page while the agent intercepts what fits, and does `answer` with it. */
async function intercepted(
  pattern: Params,
  answer: (requestId: unknown) => Promise<unknown>,
): Promise<void> {
  const { session } = page
  await session.call('Network.setCacheDisabled', { cacheDisabled: true })
  await session.call('Fetch.enable', { patterns: [pattern] })
  const stop = session.on('Fetch.requestPaused', ({ requestId }) => {
    answer(requestId).catch(() => undefined)
  })
  await navigate(session, `${site.origin}/`)
  stop()
  await session.call('Fetch.disable')
  await session.call('Network.setCacheDisabled', { cacheDisabled: false })
}

const plants: [string, () => Promise<unknown>][] = [
  [
    'a listener that captures',
    () => run(`addEventListener('click', () => { ${evil()} }, true)${spoof()}`),
  ],
  [
    'a listener from a nested eval',
    () =>
      run(
        `(0, eval)(${JSON.stringify(`addEventListener('click', () => { ${evil()} }, true)${spoof()}`)})${spoof()}`,
      ),
  ],
  [
    'a listener from new Function',
    () =>
      run(
        `addEventListener('click', new Function(${JSON.stringify(evil() + spoof())}), true)${spoof()}`,
      ),
  ],
  [
    'a timer of text',
    () => run(`setTimeout(${JSON.stringify(`setTimeout(() => ${evil()}, 300)${spoof()}`)}, 100)`),
  ],
  ['a timer', () => run(`setTimeout(() => ${evil()}, 400)${spoof()}`)],
  [
    'a promise that a click fulfils',
    () =>
      run(`new Promise((r) => addEventListener('click', r, true)).then(() => ${evil()})${spoof()}`),
  ],
  [
    'an observer',
    () =>
      run(
        `new MutationObserver(() => ${evil()}).observe(document, { attributes: true, subtree: true }); addEventListener('click', () => document.body.title = 1)${spoof()}`,
      ),
  ],
  [
    'an attribute',
    () =>
      run(`document.getElementById('quiet').setAttribute('onclick', ${JSON.stringify(evil())})`),
  ],
  [
    'a script in a script element',
    () =>
      run(
        `{ const s = document.createElement('script'); s.text = ${JSON.stringify(`addEventListener('click', () => ${evil()}, true)${spoof()}`)}; document.head.append(s) }${spoof()}`,
      ),
  ],
  [
    'a script of another site',
    async () => {
      await run(
        `{ const s = document.createElement('script'); s.src = '${site.foreign}/evil.js'; document.head.append(s) }${spoof()}`,
      )
      await quiet(150)
    },
  ],
  [
    'a worker made of text',
    () =>
      run(
        `addEventListener('click', () => new Worker(URL.createObjectURL(new Blob([\`fetch('${site.origin}/evil', { method: 'POST', body: 'worker' })\`]))), true)${spoof()}`,
      ),
  ],
  [
    'a listener of an isolated world',
    async () => {
      const world = await page.session.call('Page.createIsolatedWorld', {
        frameId: page.target.id,
        worldName: 'util',
      })
      await page.session.call('Runtime.evaluate', {
        expression: `addEventListener('click', () => { ${evil()} }, true)${spoof()}`,
        contextId: world.executionContextId,
      })
    },
  ],
  [
    'a script for every new document',
    async () => {
      const { identifier } = await page.session.call('Page.addScriptToEvaluateOnNewDocument', {
        source: `addEventListener('click', () => { ${evil()} }, true)${spoof()}`,
      })
      await navigate(page.session, `${site.origin}/`)
      await page.session.call('Page.removeScriptToEvaluateOnNewDocument', { identifier })
    },
  ],
  [
    'another address for a script',
    () =>
      intercepted({ urlPattern: '*/app.js' }, (requestId) =>
        page.session.call('Fetch.continueRequest', {
          ...{ requestId, url: `${site.origin}/instead-1.js` },
        }),
      ),
  ],
  [
    'an answer that leads a script elsewhere',
    () =>
      intercepted({ urlPattern: '*/app.js' }, (requestId) =>
        page.session.call('Fetch.fulfillRequest', {
          ...{ requestId, responseCode: 302 },
          responseHeaders: [{ name: 'location', value: '/instead-2.js' }],
        }),
      ),
  ],
  [
    'another address for the page',
    () =>
      intercepted({ urlPattern: `${site.origin}/` }, (requestId) =>
        page.session.call('Fetch.continueRequest', {
          ...{ requestId, url: `${site.origin}/instead-3.html` },
        }),
      ),
  ],
  [
    'an answer in the place of the real one',
    () =>
      intercepted({ urlPattern: '*/app.js', requestStage: 'Response' }, (requestId) =>
        page.session.call('Fetch.fulfillRequest', {
          ...{ requestId, responseCode: 200 },
          responseHeaders: [{ name: 'content-type', value: 'text/javascript' }],
          body: Buffer.from(instead(4)).toString('base64'),
        }),
      ),
  ],
  [
    'an answer in the place of the page',
    async () => {
      const { session } = page
      const body = `<button id=quiet>quiet</button><script>addEventListener('click', () => { ${evil()} }, true)</script>`
      await session.call('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
      const stop = session.on('Fetch.requestPaused', ({ requestId }) => {
        session
          .call('Fetch.fulfillRequest', {
            ...{ requestId, responseCode: 200, body: Buffer.from(body).toString('base64') },
            responseHeaders: [{ name: 'content-type', value: 'text/html' }],
          })
          .catch(() => undefined)
      })
      await navigate(session, `${site.origin}/`)
      stop()
      await session.call('Fetch.disable')
    },
  ],
]

describe('a script of the agent that claims to be the page is told by', () => {
  it.each(plants)('%s', async (_, plant) => {
    await plant()
    await quiet(30)
    await click(bench, page.target, '#quiet')
    await until(async () => (await asked()).includes('agent /evil'))
    expect(sent('/evil')).toBe(0)
  })

  it('a patched fetch, whoever calls it', async () => {
    await run(
      `{ const real = fetch; window.fetch = (url, init) => { real('/evil', init); return real(url, init) } }${spoof()}`,
    )
    await click(bench, page.target, '#save')
    await until(async () => (await asked()).length === 2)
    expect((await asked()).sort()).toEqual(['agent /evil', 'agent /save'])
    expect(site.mutating()).toEqual([])
  })

  it('a patched prototype', async () => {
    await run(
      `document.getElementById('quiet').addEventListener('click', () => [1].map(String))${spoof()}`,
    )
    await run(`Array.prototype.map = function () { ${evil()}; return [] }${spoof()}`)
    await click(bench, page.target, '#quiet')
    await until(async () => (await asked()).includes('agent /evil'))
  })

  it("a function of the page's that it replaced", async () => {
    await run(`api.save = () => { ${evil()} }${spoof()}`)
    await click(bench, page.target, '#save')
    await until(async () => (await asked()).includes('agent /evil'))
    expect(sent('/save')).toBe(0)
  })

  it('and what the page sends beside it is covered', async () => {
    await run(`addEventListener('click', () => { ${evil()} }, true)${spoof()}`)
    await click(bench, page.target, '#save')
    await until(() => sent('/save') === 1)
    expect(await asked()).toEqual(['agent /evil'])
  })

  it("a function of the browser's that it left behind covers nothing", async () => {
    await run(`setTimeout(fetch.bind(null, '/evil', { method: 'POST' }), 400)`)
    await run(`addEventListener('click', navigator.sendBeacon.bind(navigator, '/evil2'), true)`)
    await click(bench, page.target, '#quiet')
    await until(async () => (await asked()).length === 2)
    expect(site.mutating()).toEqual([])
  })
})

describe("what is the page's own stays covered:", () => {
  it.each([
    ['its own script', 'save'],
    ['a module that it loads then', 'loads'],
    ['a script of another site that it loaded', 'library'],
    ['a script that names itself otherwise', 'tagged'],
  ])('%s', async (_, id) => {
    await quiet(150)
    await click(bench, page.target, `#${id}`)
    const path = id === 'loads' ? '/chunk' : `/${id}`
    await until(() => sent(path) === 1)
    expect(await asked()).toEqual([])
  })

  it('and is so again after the agent answered for it once', async () => {
    await plants.at(-1)?.[1]()
    await navigate(page.session, `${site.origin}/`)
    await click(bench, page.target, '#save')
    await until(() => sent('/save') === 1)
  })
})

describe('knowing the scripts', () => {
  it('stops nothing: neither `debugger` nor an exception', async () => {
    const paused: unknown[] = []
    page.target.session.on('Debugger.paused', (event) => void paused.push(event))
    await click(bench, page.target, '#stops')
    await until(() => sent('/stops') === 1)
    expect(await evaluate(page.session, '1 + 1')).toBe('2')
    expect(paused).toEqual([])
  })

  it('does not keep the input waiting on a page with many scripts, and ends', async () => {
    const { session } = page.target
    const many = 300
    await evaluate(
      page.session,
      `(() => { for (let i = 0; i < ${many}; i++) (0, eval)('window.f' + i + ' = () => ' + i) })()`,
    )
    let parsed = 0
    const stop = session.on('Debugger.scriptParsed', () => void parsed++)
    const world = await session.call('Page.createIsolatedWorld', { frameId: page.target.id })
    const button = await session.call('Runtime.evaluate', {
      expression: 'document.getElementById("quiet")',
      contextId: world.executionContextId,
    })
    const objectId = textOf(Object(button.result).objectId) ?? ''
    const began = performance.now()
    const ticket = bench.causes.begin(page.target, objectId)
    expect(performance.now() - began).toBeLessThan(20)
    await session.call('Runtime.evaluate', { expression: '1' })
    expect(performance.now() - began).toBeLessThan(500)
    expect(parsed).toBeGreaterThan(many / 3)
    ticket.dropped()
    await until(async () => {
      parsed = 0
      await evaluate(page.session, '(0, eval)("1 + 1")')
      return parsed === 0
    }, 6000)
    stop()
  })
})
