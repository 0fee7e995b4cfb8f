import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '#companion/gateway/cdp.ts'
import type { Target } from '#companion/gateway/targets.ts'
import {
  evaluate,
  navigate,
  quiet,
  type RequestsBench,
  requestsBench,
  serve,
  until,
} from './requests-bench.ts'

const script = (code: string) => `<!doctype html><title>t</title><body><script>${code}</script>`

let site: Awaited<ReturnType<typeof serve>>
let bench: RequestsBench
let page: { target: Target; session: Session }

beforeAll(async () => {
  site = await serve({
    '/worker.js': 'fetch("/worker", { method: "POST", body: "w" })',
    '/nested.js': 'new Worker("/worker2.js")',
    '/worker2.js': 'fetch("/nested", { method: "POST", body: "w" })',
    '/shared.js': 'fetch("/shared", { method: "POST", body: "s" })',
    '/sw.js':
      'oninstall = (e) => { skipWaiting(); e.waitUntil(fetch("/sw-install", { method: "POST" }).catch(() => 0)) }\nonactivate = (e) => e.waitUntil(clients.claim())\nonfetch = (e) => { if (e.request.url.endsWith("/via-sw")) e.respondWith(fetch("/sw-other", { method: "POST" })) }',
    '/redirects': (_, response) => response.writeHead(307, { location: '/redirected' }).end(),
    '/redirects-get': (_, response) =>
      response.writeHead(302, { location: '/account/close?id=7' }).end(),
    '/cors': (_, response) =>
      response
        .writeHead(200, {
          'access-control-allow-origin': '*',
          'access-control-allow-methods': 'DELETE',
        })
        .end('ok'),
    '/csp': (_, response) =>
      response
        .writeHead(200, {
          'content-type': 'text/html',
          'content-security-policy': "img-src 'none'; report-uri /csp-report",
        })
        .end('<img src=/x.png>'),
    '/poster': script('for (let n = 0; n < 5; n++) fetch("/same", { method: "POST", body: "s" })'),
    '/flood': script('for (let n = 0; n < 60; n++) fetch("/flooded/" + n, { method: "POST" })'),
    '/fails': (_, response) => response.writeHead(500).end(),
    '/popup-posts': script('fetch("/from-popup", { method: "POST" })'),
  })
  bench = await requestsBench({
    budget: 400,
    policy: `version: 1\nside_effects: [${site.origin}/account/*]\n`,
  })
})
afterAll(async () => {
  await bench?.close()
  await site?.close()
})
afterEach(async () => {
  expect(bench.reported).toEqual([])
})

/** Whatever is tried is held, and the server hears nothing of it. */
async function held(path: string, sends: () => Promise<unknown>, method = 'POST') {
  sends().catch(() => undefined)
  const hold = await until(async () =>
    (await bench.holds()).find(({ descriptor }) => descriptor.request?.url.endsWith(path)),
  )
  expect(hold.descriptor).toMatchObject({
    door: 'gateway',
    gesture: 'request',
    run: { id: 'run_1' },
  })
  expect(hold.descriptor.request?.method).toBe(method)
  await quiet(60)
  expect(site.hits.filter((hit) => hit.path === path && hit.method === method)).toEqual([])
  await bench.verdict(hold.id, false)
  await quiet(60)
  expect(site.hits.filter((hit) => hit.path === path && hit.method === method)).toEqual([])
  return hold
}

describe('nothing that changes something leaves before it is decided', () => {
  beforeAll(async () => {
    page = await bench.open(`${site.origin}/`)
  })
  const run = (code: string) => () => evaluate(page.session, code)

  it.each([
    ['fetch', '/fetch', 'fetch("/fetch", { method: "POST", body: "x" })', 'POST'],
    [
      'XMLHttpRequest',
      '/xhr',
      '(() => { const x = new XMLHttpRequest(); x.open("DELETE", "/xhr"); x.send() })()',
      'DELETE',
    ],
    ['sendBeacon', '/beacon', 'navigator.sendBeacon("/beacon", "b")', 'POST'],
    [
      'a keepalive fetch',
      '/keepalive',
      'fetch("/keepalive", { method: "POST", keepalive: true })',
      'POST',
    ],
    [
      'fetchLater',
      '/later',
      'void fetchLater("/later", { method: "POST", activateAfter: 0 })',
      'POST',
    ],
    [
      'no-cors to another site',
      '/no-cors',
      'fetch(FOREIGN + "/no-cors", { method: "POST", mode: "no-cors", body: "x" })',
      'POST',
    ],
    [
      'DELETE to another site, after its preflight',
      '/cors',
      'fetch(FOREIGN + "/cors", { method: "DELETE" })',
      'DELETE',
    ],
    [
      'a form',
      '/form',
      `(() => { document.body.innerHTML = '<form method=post action=/form><input name=a value=1></form>'; document.forms[0].submit() })()`,
      'POST',
    ],
    [
      'a form in a sandboxed frame',
      '/srcdoc',
      `(() => { const f = document.createElement('iframe'); f.sandbox = 'allow-forms allow-scripts'; f.srcdoc = '<form method=post action=' + origin + '/srcdoc><input name=a></form><script>document.forms[0].submit()</scr' + 'ipt>'; document.body.append(f) })()`,
      'POST',
    ],
    ['a dedicated worker', '/worker', 'void new Worker("/worker.js")', 'POST'],
    ['a nested worker', '/nested', 'void new Worker("/nested.js")', 'POST'],
    [
      'a blob worker',
      '/blob-worker',
      'void new Worker(URL.createObjectURL(new Blob(["fetch(`" + origin + "/blob-worker`, { method: `POST` })"])))',
      'POST',
    ],
    ['a shared worker', '/shared', 'void new SharedWorker("/shared.js")', 'POST'],
    [
      'a popup by a form',
      '/popup-form',
      `(() => { document.body.innerHTML = '<form method=post target=_blank action=/popup-form></form>'; document.forms[0].submit() })()`,
      'POST',
    ],
    ['a popup that posts while it loads', '/from-popup', 'void open("/popup-posts")', 'POST'],
    [
      'a CSP report',
      '/csp-report',
      `(() => { const f = document.createElement('iframe'); f.src = '/csp'; document.body.append(f) })()`,
      'POST',
    ],
    [
      'a GET that overrides its method',
      '/override',
      'fetch("/override", { headers: { "x-http-method-override": "DELETE" } })',
      'DELETE',
    ],
    [
      'a GraphQL mutation in an address',
      '/graphql?query=mutation%7Bgo%7D',
      'fetch("/graphql?query=mutation%7Bgo%7D")',
      'GET',
    ],
    ['a GET that the policy lists', '/account/delete?id=1', 'fetch("/account/delete?id=1")', 'GET'],
    [
      'an image that the policy lists',
      '/account/delete?id=2',
      'void (new Image().src = "/account/delete?id=2")',
      'GET',
    ],
    ['a redirect to a listed address', '/account/close?id=7', 'fetch("/redirects-get")', 'GET'],
    [
      'a service worker',
      '/sw-install',
      'navigator.serviceWorker.register("/sw.js").then(() => 0)',
      'POST',
    ],
    [
      'what a service worker sends instead',
      '/sw-other',
      '(async () => { while (!navigator.serviceWorker.controller) await new Promise((r) => setTimeout(r, 20)); await fetch("/via-sw") })()',
      'POST',
    ],
  ])('%s', async (_, path, code, method) => {
    await held(path, run(code.replaceAll('FOREIGN', JSON.stringify(site.foreign))), method)
  })

  it('a beacon of a page that is left is withdrawn with it', async () => {
    const other = await bench.open(`${site.origin}/left`)
    await evaluate(
      other.session,
      'void addEventListener("pagehide", () => { navigator.sendBeacon("/unload", "u"); fetch("/unload-keepalive", { method: "POST", keepalive: true }) })',
    )
    await navigate(other.session, `${site.origin}/next`)
    await quiet(400)
    expect(site.mutating().filter((hit) => hit.includes('unload'))).toEqual([])
    await bench.pipe.call('Target.closeTarget', { targetId: other.target.id })
    await until(async () =>
      (await bench.holds('withdrawn')).some((hold) =>
        hold.descriptor.request?.url.endsWith('/unload'),
      ),
    )
    expect(site.mutating().filter((hit) => hit.includes('unload'))).toEqual([])
  })

  it('what a new browser context sends', async () => {
    const { browserContextId } = await bench.pipe.call('Target.createBrowserContext')
    const other = await bench.open(`${site.origin}/other`, String(browserContextId))
    await held('/context', () => evaluate(other.session, 'fetch("/context", { method: "POST" })'))
  })

  it('each hop of a redirect is decided again', async () => {
    const other = await bench.open(`${site.origin}/hops`)
    const answer = evaluate(
      other.session,
      'fetch("/redirects", { method: "POST", body: "r" }).then((r) => r.status)',
    )
    const first = await until(async () => (await bench.holds())[0])
    await bench.verdict(first.id, true)
    const second = await until(async () => (await bench.holds()).find(({ id }) => id !== first.id))
    expect(second.descriptor.request?.url).toBe(`${site.origin}/redirected`)
    await bench.verdict(second.id, false)
    await answer
    expect(site.mutating().filter((hit) => hit.includes('/redirect'))).toEqual(['POST /redirects'])
  })
})

describe('what waits', () => {
  beforeAll(async () => {
    page = await bench.open(`${site.origin}/waits`)
  })

  it('an agent script is told to repeat, and the approved request goes once', async () => {
    const send = (body: string) =>
      evaluate(
        page.session,
        `fetch("/order", { method: "POST", body: "${body}" }).then((r) => r.status + ' ' + r.headers.get('content-type')).then(async (s) => s)`,
      )
    expect(await send('one')).toBe('403 application/problem+json')
    const [hold] = await bench.holds()
    expect(hold?.descriptor.provenance).toBe('agent')
    expect(
      await evaluate(
        page.session,
        'fetch("/order", { method: "POST", body: "one" }).then((r) => r.text())',
      ),
    ).toContain('NOT executed')
    expect(await bench.holds()).toHaveLength(1)
    await bench.verdict(hold?.id ?? '', true)
    await quiet(50)
    expect(site.mutating().filter((hit) => hit.endsWith('/order'))).toEqual([])
    expect(await send('two')).toContain('403')
    expect(await send('one')).toContain('200')
    expect(await send('one')).toContain('403')
    expect(site.mutating().filter((hit) => hit.endsWith('/order'))).toEqual(['POST /order'])
    for (const left of await bench.holds()) await bench.verdict(left.id, false)
  })

  it('a denied script is denied at once when it tries again', async () => {
    const send = () =>
      evaluate(page.session, 'fetch("/wish", { method: "POST", body: "x" }).then((r) => r.text())')
    const first = send()
    const hold = await until(async () => (await bench.holds())[0])
    await bench.verdict(hold.id, false)
    expect(await first).toContain('Do not retry')
    expect(await send()).toContain('Do not retry')
    expect(
      (await bench.holds('denied')).filter(({ descriptor }) =>
        descriptor.request?.url.endsWith('/wish'),
      ),
    ).toHaveLength(1)
  })

  it('the page lives on after a denied form, with what was typed into it', async () => {
    await evaluate(
      page.session,
      `void (document.body.innerHTML = '<form method=post action=/typed><input name=a value=typed></form>')`,
    )
    await evaluate(page.session, 'void document.forms[0].submit()')
    const hold = await until(async () => (await bench.holds())[0])
    expect(hold.descriptor.form?.fields).toEqual([
      { label: 'a', name: 'a', type: 'text', value: 'typed', secret: false },
    ])
    await bench.verdict(hold.id, false)
    await quiet(200)
    expect(await evaluate(page.session, 'document.forms[0].elements[0].value')).toBe('typed')
  })

  it('a hold goes with the document that asked, and a late approval sends nothing', async () => {
    const other = await bench.open(`${site.origin}/going`)
    evaluate(other.session, 'fetch("/gone", { method: "POST", keepalive: true })').catch(
      () => undefined,
    )
    const hold = await until(async () => (await bench.holds())[0])
    await navigate(other.session, `${site.origin}/elsewhere`)
    await until(async () => (await bench.holds('withdrawn')).find(({ id }) => id === hold.id))
    expect(await bench.verdict(hold.id, true)).toMatchObject({ ok: false })
    await quiet(100)
    expect(site.mutating()).not.toContain('POST /gone')
  })

  it('a request that its page aborts is withdrawn', async () => {
    await evaluate(
      page.session,
      'void (window.stop = new AbortController(), fetch("/aborted", { method: "POST", signal: window.stop.signal }).catch(() => 0))',
    )
    const hold = await until(async () => (await bench.holds())[0])
    await evaluate(page.session, 'window.stop.abort()')
    await until(async () => (await bench.holds('withdrawn')).find(({ id }) => id === hold.id))
  })

  it('the same request many times is one question, and goes once', async () => {
    await navigate(page.session, `${site.origin}/poster`)
    await until(async () => (await bench.holds())[0])
    await quiet(200)
    const holds = await bench.holds()
    expect(holds).toHaveLength(1)
    expect(holds[0]?.descriptor.provenance).toBe('page')
    await bench.verdict(holds[0]?.id ?? '', true)
    await until(() => site.mutating().includes('POST /same'))
    await quiet(100)
    expect(site.mutating().filter((hit) => hit === 'POST /same')).toHaveLength(1)
  })

  it('a flood of requests is held up to a number, and refused beyond it', async () => {
    await navigate(page.session, `${site.origin}/flood`)
    await until(async () => (await bench.holds()).length >= 20)
    await quiet(200)
    expect(await bench.holds()).toHaveLength(20)
    expect(bench.entries('refused').map(({ body }) => body.code)).toEqual(['too_many_holds'])
    await navigate(page.session, `${site.origin}/`)
    await until(async () => (await bench.holds()).length === 0)
    expect(site.mutating().filter((hit) => hit.includes('/flooded'))).toEqual([])
  })

  it('secrets in a body are masked, amounts and recipients are read', async () => {
    evaluate(
      page.session,
      'fetch("/pay", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ amount: "12.50", currency: "EUR", to: ["ann@example.com"], password: "hunter2" }) })',
    ).catch(() => undefined)
    const hold = await until(async () => (await bench.holds())[0])
    expect(hold.descriptor.terms).toEqual({
      amounts: [{ currency: 'EUR', minor: 1250, text: '12.50 EUR' }],
      recipients: ['ann@example.com'],
      rows: null,
      bytes: 81,
    })
    expect(JSON.stringify(hold)).not.toContain('hunter2')
    await bench.verdict(hold.id, false)
  })

  it('a GraphQL query by POST passes, a mutation waits', async () => {
    const send = (query: string) =>
      evaluate(
        page.session,
        `fetch("/graphql", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ query: ${JSON.stringify(query)} }) }).then((r) => r.status)`,
      )
    expect(await send('query Me { me { name } }')).toBe('200')
    expect(await send('mutation Pay { pay }')).toBe('403')
    const [hold] = await bench.holds()
    expect(hold?.descriptor.request?.operation).toBe('mutation Pay')
    await bench.verdict(hold?.id ?? '', false)
  })

  it('what an agent rewrites on the way is seen as it leaves', async () => {
    await page.session.call('Fetch.enable', { patterns: [{ urlPattern: '*/harmless' }] })
    page.session.on('Fetch.requestPaused', ({ requestId }) => {
      void page.session.call('Fetch.continueRequest', {
        requestId,
        method: 'POST',
        postData: Buffer.from('bad').toString('base64'),
      })
    })
    evaluate(page.session, 'fetch("/harmless")').catch(() => undefined)
    const hold = await until(async () => (await bench.holds())[0])
    expect(hold.descriptor.request).toMatchObject({
      method: 'POST',
      url: `${site.origin}/harmless`,
    })
    await bench.verdict(hold.id, false)
    await page.session.call('Fetch.disable')
    expect(site.mutating()).not.toContain('POST /harmless')
  })

  it('reports what came of a request that was let go', async () => {
    const answer = evaluate(
      page.session,
      'fetch("/fails", { method: "POST" }).then((r) => r.status)',
    )
    const hold = await until(async () => (await bench.holds())[0])
    await bench.verdict(hold.id, true)
    expect(await answer).toBe('500')
    const outcome = await until(() =>
      bench.entries('outcome').find((entry) => entry.hold === hold.id),
    )
    expect(outcome.body.evidence).toMatchObject({
      outcome: 'failed',
      status: 500,
      request: { method: 'POST' },
    })
  })
})
