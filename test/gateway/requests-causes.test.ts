import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '#companion/gateway/cdp.ts'
import type { Target } from '#companion/gateway/targets.ts'
import type { Form } from '#shared/protocol/descriptor.ts'
import {
  click,
  described,
  evaluate,
  quiet,
  type RequestsBench,
  requestsBench,
  serve,
  until,
} from './requests-bench.ts'

/** Buttons of which each causes one request, by its id, in its own way. */
const app = `<!doctype html><title>app</title><body>
<button id=sync>sync</button><button id=awaited>awaited</button><button id=timer>timer</button>
<button id=chain>chain</button><button id=delegated data-do=delegated>delegated</button>
<button id=beacon>beacon</button><button id=worker>worker</button><button id=slow>slow</button>
<button id=twice>twice</button><button id=foreign>foreign</button><button id=observed>observed</button>
<button id=requestsubmit>requestSubmit</button><button id=quiet>quiet</button>
<form method=post action=/form target=sink><input name=a value=1><button id=form>form</button></form>
<a id=link href=/account/close?id=1 target=sink>link</a><iframe name=sink></iframe>
<form id=paying method=post action=/pay target=sink><input type=hidden name=amount><button id=pay>Pay</button></form>
<button id=upload>upload</button><button id=large>large</button><button id=bland>Show more</button>
<form id=other method=post action=/requestsubmit target=sink></form>
<script>
const post = (path, body = 'x') => fetch(path, { method: 'POST', body })
const on = (id, run) => document.getElementById(id).addEventListener('click', run)
on('sync', () => post('/sync').then(({ status }) => { window.answered = status }))
on('awaited', async () => { await fetch('/token'); await new Promise((r) => setTimeout(r, 100)); await post('/awaited') })
on('timer', () => setTimeout(() => post('/timer'), 300))
on('chain', () => fetch('/token').then((r) => r.text()).then(() => queueMicrotask(() => requestAnimationFrame(() => post('/chain')))))
document.body.addEventListener('click', (e) => { if (e.target.dataset.do) post('/' + e.target.dataset.do) })
on('beacon', () => navigator.sendBeacon('/beacon', 'b'))
on('worker', () => new Worker('/worker.js'))
on('upload', () => { const f = new FormData(); f.append('a', new File(['xyz'], 'n.txt')); post('/upload', f) })
on('large', () => post('/large', 'ä'.repeat(300000)))
on('bland', () => post('/transfer'))
on('slow', () => setTimeout(() => post('/slow'), 2500))
on('twice', () => { post('/twice', 'a'); post('/twice', 'b') })
on('foreign', () => fetch(location.origin.replace('127.0.0.1', 'localhost') + '/foreign', { method: 'POST', mode: 'no-cors' }))
new MutationObserver(() => post('/observed')).observe(document.getElementById('observed'), { attributes: true })
on('observed', (e) => e.target.setAttribute('data-x', Math.random()))
on('requestsubmit', () => document.getElementById('other').requestSubmit())
</script>`

const noisy = `<!doctype html><title>noisy</title><body><button id=save>save</button><script>
const post = (path) => fetch(path, { method: 'POST', body: String(performance.now()) }).catch(() => 0)
setInterval(() => post('/interval'), 150)
const poll = () => post('/poll').then(() => setTimeout(poll, 200), () => setTimeout(poll, 200))
poll()
const idle = () => requestIdleCallback(() => { post('/idle'); setTimeout(idle, 180) })
idle()
document.getElementById('save').addEventListener('click', async () => { await fetch('/token'); post('/save') })
</script>`

let site: Awaited<ReturnType<typeof serve>>
let bench: RequestsBench
let page: { target: Target; session: Session }

beforeAll(async () => {
  site = await serve({
    '/app': app,
    '/noisy': noisy,
    '/worker.js': 'fetch("/from-worker", { method: "POST" })',
    '/lands': '<!doctype html><script>fetch("/landed", { method: "POST" })</script>',
    '/leads': '<!doctype html><a id=go href=/lands>go</a>',
  })
  bench = await requestsBench({
    budget: 400,
    policy: `version: 1\nside_effects: [${site.origin}/account/*]\n`,
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

const sent = (path: string) => site.mutating().filter((hit) => hit.endsWith(` ${path}`)).length

describe('an input that was let go covers what it causes', () => {
  it.each([
    ['in its handler', 'sync', '/sync'],
    ['after awaits', 'awaited', '/awaited'],
    ['after a timer', 'timer', '/timer'],
    ['after a chain of promises, microtasks and frames', 'chain', '/chain'],
    ['in a delegated handler', 'delegated', '/delegated'],
    ['as a beacon', 'beacon', '/beacon'],
    ['in a worker that it starts', 'worker', '/from-worker'],
    ['by a timer of more than two seconds', 'slow', '/slow'],
    ['through an observer', 'observed', '/observed'],
    ['with a file in its body', 'upload', '/upload'],
    ['with a large body', 'large', '/large'],
    ['by requestSubmit', 'requestsubmit', '/requestsubmit'],
    ['as a form', 'form', '/form'],
  ])('%s', async (_, id, path) => {
    await click(bench, page.target, `#${id}`)
    await until(() => sent(path) === 1)
    expect(await bench.holds()).toEqual([])
  })

  it('to the address of its link, where the policy lists it', async () => {
    const href = `${site.origin}/account/close?id=1`
    const link = { href, scheme: 'http' }
    await click(bench, page.target, '#link', {
      descriptor: described(page.target.url, 'link', { link }),
    })
    await until(() => site.hits.some(({ path }) => path === '/account/close?id=1'))
  })

  it('and reports what came of it', async () => {
    const answer = await bench.door.ask('ask_own', described(page.target.url, 'Save settings'))
    if (answer.state !== 'held') throw new Error(answer.state)
    await bench.verdict(answer.hold.id, true)
    const { ticket } = await bench.door.decided(answer.hold.id)
    const go = await bench.door.redeem(
      'ask_own2',
      answer.hold.id,
      ticket ?? '',
      answer.hold.descriptor,
    )
    if (go.state !== 'go') throw new Error(go.state)
    await click(bench, page.target, '#sync', { audit: go.audit })
    const outcome = await until(() =>
      bench.entries('outcome').find(({ body }) => body.audit === go.audit),
    )
    expect(outcome.body.evidence).toMatchObject({
      outcome: 'done',
      status: 200,
      request: { method: 'POST', url: `${site.origin}/sync` },
    })
  })
})

describe('it does not cover', () => {
  it('what cannot be recorded', async () => {
    const before = sent('/sync')
    bench.store.failing = new Error('the disk is full')
    await click(bench, page.target, '#sync')
    const answer = await evaluate(
      page.session,
      'new Promise((r) => setTimeout(() => r(window.answered), 800))',
    )
    bench.store.failing = null
    expect(answer).toBe('403')
    expect(sent('/sync')).toBe(before)
    expect(bench.reported.splice(0)).not.toEqual([])
    await click(bench, page.target, '#sync')
    await until(() => sent('/sync') === before + 1)
  })

  it('what the input was not let go for: another kind of effect, another amount', async () => {
    const fields = [
      { label: 'Amount', name: 'amount', type: 'text', value: '25.00', secret: false },
    ]
    const form = { method: 'post' as const, action: `${site.origin}/pay`, fields }
    const descriptor = described(page.target.url, 'Pay', { form })
    const pay = (amount: string) =>
      evaluate(
        page.session,
        `void (document.getElementById('paying').elements.amount.value = '${amount}')`,
      )
    await pay('25.00')
    await click(bench, page.target, '#pay', { descriptor })
    await until(() => sent('/pay') === 1)
    await pay('2500.00')
    await click(bench, page.target, '#pay', { descriptor })
    const hold = await until(async () => (await bench.holds())[0])
    expect(hold.descriptor).toMatchObject({
      target: { name: 'Pay' },
      form: { fields: [{ value: '2500.00' }] },
    })
    await bench.verdict(hold.id, false)
    await click(bench, page.target, '#bland')
    const transfer = await until(async () => (await bench.holds())[0])
    expect(transfer.descriptor.request?.url).toBe(`${site.origin}/transfer`)
    expect([sent('/pay'), sent('/transfer')]).toEqual([1, 0])
  })

  it('the same kind of request twice', async () => {
    await click(bench, page.target, '#twice')
    const hold = await until(async () => (await bench.holds())[0])
    await until(() => sent('/twice') === 1)
    expect(hold.descriptor).toMatchObject({ provenance: 'agent', target: { name: 'twice' } })
  })

  it('another site', async () => {
    await click(bench, page.target, '#foreign')
    const hold = await until(async () => (await bench.holds())[0])
    expect(hold.descriptor.request?.url).toBe(`${site.foreign}/foreign`)
  })

  it('anything but its form, where it was taken for a read', async () => {
    await click(bench, page.target, '#sync', { covers: 'form' })
    const hold = await until(async () => (await bench.holds())[0])
    expect(hold.descriptor).toMatchObject({ provenance: 'agent', target: { name: 'sync' } })
    const a = { label: 'a', name: 'a', type: 'text', value: '1', secret: false }
    const form: Form = {
      ...{ method: 'post', action: `${site.origin}/form`, fields: [a], purpose: 'search' },
    }
    const before = sent('/form')
    await click(bench, page.target, '#form', {
      covers: 'form',
      descriptor: described(page.target.url, 'form', { form }),
    })
    await until(() => sent('/form') === before + 1)
  })

  it('a script of the agent, however it is put off', async () => {
    await click(bench, page.target, '#quiet')
    await evaluate(page.session, 'void setTimeout(() => post("/agent-later"), 50)')
    await evaluate(page.session, 'void document.getElementById("delegated").click()')
    await evaluate(
      page.session,
      'void document.body.append(Object.assign(document.createElement("script"), { text: "post(`/inserted`)" }))',
    )
    const holds = await until(async () => {
      const found = await bench.holds()
      return found.length >= 3 && found
    })
    expect(
      holds
        .map(({ descriptor }) => [
          descriptor.provenance,
          descriptor.request?.url.replace(site.origin, ''),
        ])
        .sort(),
    ).toEqual([
      ['agent', '/agent-later'],
      ['agent', '/delegated'],
      ['agent', '/inserted'],
    ])
  })

  it('what the page it leads to does by itself', async () => {
    const other = await bench.open(`${site.origin}/leads`)
    const link = { href: `${site.origin}/lands`, scheme: 'http' }
    await click(bench, other.target, '#go', {
      descriptor: described(other.target.url, 'go', { link }),
    })
    const hold = await until(async () => (await bench.holds())[0])
    expect(hold.descriptor).toMatchObject({
      provenance: 'page',
      page: { url: `${site.origin}/lands` },
    })
    expect(sent('/landed')).toBe(0)
  })

  it('what the page did before it, and goes on doing', async () => {
    const other = await bench.open(`${site.origin}/noisy`)
    await until(async () => (await bench.holds()).length === 3)
    for (const hold of await bench.holds()) await bench.verdict(hold.id, false)
    for (let times = 1; times <= 3; times++) {
      await click(bench, other.target, '#save')
      await until(() => sent('/save') === times)
      await quiet(800)
    }
    expect(['/interval', '/poll', '/idle'].map(sent)).toEqual([0, 0, 0])
  })

  it('anything once it was dropped', async () => {
    const { target } = await bench.open(`${site.origin}/app`)
    const ticket = bench.causes.begin(target, null)
    const descriptor = described(target.url, 'x')
    ticket.let({ target, agent: bench.agent, descriptor, audit: null, covers: 'all' })
    ticket.dropped()
    const before = sent('/sync')
    const mouse = { x: 20, y: 18, button: 'left', clickCount: 1 }
    await target.session.call('Input.dispatchMouseEvent', { type: 'mousePressed', ...mouse })
    await target.session.call('Input.dispatchMouseEvent', { type: 'mouseReleased', ...mouse })
    const hold = await until(async () => (await bench.holds())[0])
    expect(hold.descriptor.provenance).toBe('page')
    expect(sent('/sync')).toBe(before)
  })
})

it('a takeover covers everything that it causes, on another site too', async () => {
  await click(bench, page.target, '#foreign', { agent: null })
  await until(() => sent('/foreign') === 1)
})
