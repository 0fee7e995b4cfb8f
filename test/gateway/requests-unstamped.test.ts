import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '#companion/core/system.ts'
import type { Session } from '#companion/gateway/cdp.ts'
import type { Target } from '#companion/gateway/targets.ts'
import { type Unstamped, UnstampedHold } from '#companion/gateway/unstamped.ts'
import {
  click,
  evaluate,
  quiet,
  type RequestsBench,
  requestsBench,
  serve,
  until,
} from './requests-bench.ts'

let site: Awaited<ReturnType<typeof serve>>
let bench: RequestsBench
let unstamped: UnstampedHold
let page: { target: Target; session: Session }

beforeAll(async () => {
  site = await serve({
    '/app': `<!doctype html><button id=go>go</button><script>
      document.getElementById('go').addEventListener('click', () => {
        fetch('/covered', { method: 'POST', body: 'x' })
        fetch('/seen')
      })</script>`,
    '/speculates': `<!doctype html><link rel=prerender href=/prerendered><link rel=dns-prefetch href=/x>
      <script type=speculationrules>{"prefetch":[{"source":"list","urls":["/speculated"],"eagerness":"immediate"}],"prerender":[{"source":"list","urls":["/speculated-too"],"eagerness":"immediate"}]}</script>`,
  })
  bench = await requestsBench({
    stamps: true,
    budget: 2000,
    isOwn: (url) => url.includes('/v1/holds'),
  })
  unstamped = new UnstampedHold({
    targets: bench.targets,
    causes: bench.causes,
    waits: bench.hold.waits,
    doorOf: () => bench.door,
    runOf: () => bench.run,
    ready: () => Promise.resolve(),
    clock: systemClock,
  })
  page = await bench.open(`${site.origin}/app`)
})
afterAll(async () => {
  await bench?.close()
  await site?.close()
})
afterEach(async () => {
  for (const hold of await bench.holds()) await bench.verdict(hold.id, false)
  expect(bench.reported).toEqual([])
})

const stampOf = (path: string) =>
  site.hits.find((hit) => hit.path === path)?.headers['x-holdpoint-stamp']

describe('a stamp', () => {
  it('goes with what is let go, and with nothing else', async () => {
    await click(bench, page.target, '#go')
    await until(() => site.hits.some(({ path }) => path === '/covered'))
    await until(() => site.hits.some(({ path }) => path === '/seen'))
    expect(stampOf('/seen')).toBeUndefined()
    const stamp = String(stampOf('/covered'))
    expect(bench.stamps?.spend(stamp, 'POST', `${site.origin}/covered`)).toBe(true)
    expect(bench.stamps?.spend(stamp, 'POST', `${site.origin}/covered`)).toBe(false)
  })

  it('makes no preflight of a request to another site, and the page does not see it', async () => {
    const answer = evaluate(
      page.session,
      `fetch(${JSON.stringify(`${site.foreign}/simple`)}, { method: 'POST', mode: 'no-cors', body: 'x' }).then((r) => r.type)`,
    )
    const hold = await until(async () => (await bench.holds())[0])
    await bench.verdict(hold.id, true)
    expect(await answer).toBe('opaque')
    expect(site.hits.filter(({ path }) => path === '/simple').map(({ method }) => method)).toEqual([
      'POST',
    ])
    expect(stampOf('/simple')).toBeDefined()
  })
})

it('prefetching and prerendering stay at home', async () => {
  const other = await bench.open(`${site.origin}/speculates`)
  await quiet(800)
  expect(site.hits.filter(({ path }) => /speculated|prerendered/.test(path))).toEqual([])
  await bench.pipe.call('Target.closeTarget', { targetId: other.target.id })
})

it('the companion does not answer its own browser, and the attempt trips the breaker', async () => {
  const said = await evaluate(page.session, 'fetch("/v1/holds").then((r) => r.status)')
  expect(said).toBe('403')
  await until(() => bench.entries('forgery').length === 1)
  expect(site.hits.filter(({ path }) => path === '/v1/holds')).toEqual([])
})

describe('what comes to the proxy without a stamp', () => {
  const request = (more: Partial<Unstamped> = {}): Unstamped => ({
    kind: 'request',
    method: 'POST',
    url: `${site.origin}/unstamped`,
    headers: { referer: `${site.origin}/app`, 'content-type': 'application/json' },
    body: Buffer.from('{"a":1}'),
    ...more,
  })
  const socket = (more: Partial<Unstamped> = {}) =>
    request({
      kind: 'websocket',
      method: 'GET',
      url: site.origin.replace('http', 'ws'),
      body: null,
      ...more,
    })
  const judge = (what: Unstamped, signal = new AbortController().signal) =>
    unstamped.judge(what, signal)

  it('waits for a person', async () => {
    const yes = judge(request())
    const hold = await until(async () => (await bench.holds())[0])
    expect(hold.descriptor).toMatchObject({
      run: { id: 'run_1' },
      provenance: 'page',
      page: { url: `${site.origin}/app` },
      form: { fields: [{ name: 'a', value: '1' }] },
    })
    await bench.verdict(hold.id, true)
    expect(await yes).toEqual({ go: true })
    const no = judge(request())
    await bench.verdict((await until(async () => (await bench.holds())[0])).id, false)
    expect(await no).toMatchObject({
      go: false,
      status: 403,
      reason: expect.stringContaining('NOT sent'),
    })
    expect(await judge(request({ headers: { 'sec-fetch-dest': 'document' } }))).toMatchObject({
      status: 204,
    })
  })

  it('is withdrawn when the browser gives it up', async () => {
    const gone = new AbortController()
    const answer = judge(request({ url: `${site.origin}/given-up` }), gone.signal)
    const hold = await until(async () => (await bench.holds())[0])
    gone.abort()
    expect(await answer).toMatchObject({ go: false })
    await until(async () => (await bench.holds('withdrawn')).some(({ id }) => id === hold.id))
  })

  it('a WebSocket is asked about once, and its messages by what they say', async () => {
    const open = judge(socket({ url: `${site.origin.replace('http', 'ws')}/ws?token=1` }))
    const hold = await until(async () => (await bench.holds())[0])
    expect(hold.descriptor.request).toMatchObject({ kind: 'websocket', mutates: true })
    await bench.verdict(hold.id, true)
    expect(await open).toEqual({ go: true })
    expect(await judge(socket({ url: `${site.origin.replace('http', 'ws')}/ws?token=2` }))).toEqual(
      { go: true },
    )
    const text = '{"type":"order.place","amount":5}'
    const frame = socket({
      kind: 'frame',
      url: `${site.origin.replace('http', 'ws')}/ws`,
      text,
      body: Buffer.from(text),
    })
    const send = judge(frame)
    const message = await until(async () => (await bench.holds())[0])
    expect(message.descriptor.request).toMatchObject({
      method: 'SEND',
      kind: 'websocket',
      operation: 'frame order.place',
    })
    await bench.verdict(message.id, true)
    expect(await send).toEqual({ go: true })
    const again = judge(frame)
    await bench.verdict((await until(async () => (await bench.holds())[0])).id, false)
    expect(await again).toMatchObject({ go: false })
    const beat = { ...frame, text: '{"type":"ping"}', body: Buffer.from('{"type":"ping"}') }
    const first = judge(beat)
    await bench.verdict((await until(async () => (await bench.holds())[0])).id, true)
    expect(await first).toEqual({ go: true })
    expect(await judge(beat)).toEqual({ go: true })
  })

  it('a message right after an input that was let go is its own', async () => {
    await click(bench, page.target, '#go')
    const frame = (text: string) =>
      socket({
        kind: 'frame',
        url: `${site.origin.replace('http', 'ws')}/ws`,
        text,
        body: Buffer.from(text),
      })
    expect(await judge(frame('caused'))).toEqual({ go: true })
    const gone = new AbortController()
    const again = judge(frame('caused'), gone.signal)
    await until(async () =>
      (await bench.holds()).find(({ descriptor }) => descriptor.request?.method === 'SEND'),
    )
    gone.abort()
    expect(await again).toMatchObject({ go: false })
  })
})
