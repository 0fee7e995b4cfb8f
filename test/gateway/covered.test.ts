import { hash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { paramsOf } from '#companion/gateway/cdp.ts'
import { type AgentPage, HostBench } from './host-bench.ts'
import { quiet, until } from './requests-bench.ts'

const policy = `version: 1
rules:
  - id: tasks
    effect: allow
    on: { name: Update task, effect: [reversible, irreversible, unknown] }
`

let bench: HostBench
let page: AgentPage
/** What the log said of the request when it reached the server. */
let known: Promise<string[]> | undefined

beforeAll(async () => {
  bench = await HostBench.start({
    policy,
    pages: {
      '/app': `<!doctype html><title>tasks</title><body><button id=update>Update task</button>
        <a id=export download href=/export.csv>Delete and export</a>
        <form method=post action=/login><input name=user value=ann autocomplete=username>
        <input type=password name=password value=x><button id=login>Log in</button></form>
        <script>document.getElementById('update').addEventListener('click', () =>
          fetch('/tasks/1', { method: 'PATCH', body: '{"title":"x"}' }))</script>`,
      '/tasks/1': (_, response) => {
        known = bench
          .entries('covered')
          .then((entries) => entries.map(({ body }) => String(paramsOf(body.request).url)))
        response.end('{}')
      },
      '/export.csv': (_, response) => {
        response.setHeader('content-disposition', 'attachment; filename=export.csv')
        response.end('a;b\n')
      },
    },
  })
  page = await bench.open(await bench.agent(), '/app')
}, 60_000)
afterAll(async () => {
  await bench?.stop()
})
afterEach(() => {
  expect(bench.reported).toEqual([])
})

const hits = (path: string) => bench.site.hits.filter((hit) => hit.path === path)

describe('a request that an input covers', () => {
  it('is in the log before it is sent, with all that tells why it went', async () => {
    await page.click('#update')
    await until(() => hits('/tasks/1').length === 1)
    expect(await known).toEqual([`${bench.site.origin}/tasks/1`])
    const [entry] = await bench.entries('covered')
    const released = (await bench.entries('decision')).find(({ body }) => body.released === true)
    expect(entry).toMatchObject({ run: bench.run.id, actor: 'agent:bench' })
    expect(entry?.body).toMatchObject({
      audit: released?.id,
      requestId: released?.body.requestId,
      rule: 'listener',
      request: {
        ...{ method: 'PATCH', url: `${bench.site.origin}/tasks/1`, kind: 'fetch' },
        bodyDigest: hash('sha256', '{"title":"x"}'),
      },
    })
    const outcome = await until(async () => (await bench.entries('outcome'))[0])
    expect(paramsOf(outcome.body.evidence)).toMatchObject({ outcome: 'done', status: 200 })
  })

  it('names the decision, where its input was taken for reading', async () => {
    await page.click('#login')
    await until(() => hits('/login').length === 1)
    const entry = (await bench.entries('covered')).at(-1)
    expect(entry?.body).toMatchObject({ rule: 'form', request: { kind: 'navigation' } })
    const decisions = await bench.entries('decision')
    expect(decisions.map(({ id }) => id)).toContain(entry?.body.audit)
    await page.ask('Page.navigate', { url: `${bench.site.origin}/app` })
    await page.at(`${bench.site.origin}/app`)
  })
})

describe('a download', () => {
  it('is known to have come, though no page tells of it', async () => {
    const before = (await bench.entries('outcome')).length
    const clicking = page.click('#export')
    const hold = await bench.held('Delete and export')
    await bench.verdict(hold.id, 'approve')
    await clicking
    const outcome = await until(async () => (await bench.entries('outcome'))[before])
    expect(paramsOf(outcome.body.evidence)).toMatchObject({
      outcome: 'done',
      status: 200,
      request: { url: `${bench.site.origin}/export.csv` },
    })
    expect(hits('/export.csv')).toHaveLength(1)
  })
})

describe('a policy that is changed while the browser runs', () => {
  it('holds what it newly says has side effects, and drops nothing that waits', async () => {
    const image = (n: number) => `void (new Image().src = '/account/close?id=${n}')`
    await page.evaluate(image(1))
    await until(() => hits('/account/close?id=1').length === 1)
    await page.evaluate(`void fetch('/waits', { method: 'POST', body: 'w' })`)
    const waiting = await bench.held(/\/waits$/)
    const changed = `${policy}side_effects: ["${bench.site.origin}/account/*"]\n`
    writeFileSync(join(bench.home, 'holdpoint.yaml'), changed)
    await until(async () => (await bench.entries('policy')).length > 0)
    await quiet(200)
    await page.evaluate(image(2))
    const hold = await bench.held(/close\?id=2$/)
    // Of what only the proxy holds nobody knows the kind.
    expect(hold.descriptor.request).toMatchObject({ method: 'GET', kind: 'image' })
    expect(hits('/account/close?id=2')).toEqual([])
    await bench.verdict(waiting.id, 'approve')
    await until(() => hits('/waits').length === 1)
    await bench.verdict(hold.id, 'deny')
  })
})
