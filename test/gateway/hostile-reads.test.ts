import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AgentPage, HostBench } from './host-bench.ts'
import type { RawAgent } from './raw-agent.ts'
import { until } from './requests-bench.ts'

/** Reading passes without a question. So a hostile agent or page dresses what it does as reading: as a
 * search, a GraphQL query, a log-in, a button that says `Preview`. Nobody approves anything here. */

let bench: HostBench
let agent: RawAgent
let page: AgentPage

beforeAll(async () => {
  bench = await HostBench.start({ pages: { '/app': '<!doctype html><title>app</title><body>' } })
  agent = await bench.agent()
  page = await bench.open(agent, '/app')
})
afterAll(async () => {
  agent?.end()
  await bench?.stop()
})
afterEach(async () => {
  for (const { id } of await bench.holds()) await bench.verdict(id, 'deny')
  expect(bench.site.mutating().filter((hit) => !hit.includes('/fine'))).toEqual([])
  expect(await page.evaluate('document.title')).toBe('app')
})

/** A GraphQL body as text: some of these are no JSON that a program would write. */
const query = (document: string, operationName?: string) =>
  JSON.stringify({ query: document, ...(operationName && { operationName }) })

describe('a request that looks like a read is held:', () => {
  it.each([
    ['a DELETE at a search', '/saved/search', 'DELETE', '', {}],
    ['a search in the query', '/v2/items?next=/search', 'POST', '{"a":1}', {}],
    ['a search below a file', '/pay.php/search', 'POST', '{"a":1}', {}],
    ['a search of its own', '/anything/search', 'POST', '{"a":1}', {}],
    ['a search without a word', '/anything/query', 'POST', '', {}],
    ['GraphQL in the query', '/v2/pay?x=/graphql', 'POST', query('{ a }'), {}],
    ['a query beside a mutation', '/a/graphql?query=mutation{b}', 'POST', query('{ a }'), {}],
    ['a query that is not JSON to its server', '/b/graphql', 'POST', query('{ a }'), 'form'],
    ['a DELETE with a query', '/c/graphql', 'DELETE', query('{ a }'), {}],
    ['two queries of one name', '/d/graphql', 'POST', '{"query":"mutation{b}","query":"{a}"}', {}],
    ['an operation that is not seen', '/e/graphql', 'POST', query('query A{a}', 'B'), {}],
    [
      'an operation behind a long comment',
      '/f/graphql',
      'POST',
      query(`query A{a}\n#${'x'.repeat(200_000)}\nmutation B{b}`, 'B'),
      {},
    ],
    [
      'an operation behind a block string',
      '/g/graphql',
      'POST',
      query('query A{a(s:"""\\\\""" """)} mutation B{b(s:"""\\\\""" """)}', 'B'),
      {},
    ],
    ['an encoded mutation in the address', '/h/graphql?query=%6dutation%7Bb%7D', 'GET', '', {}],
    ['a parameter with an encoded name', '/i/graphql?q%75ery=mutation%7Bb%7D', 'GET', '', {}],
    ['an override with underscores', '/j', 'GET', '', { x_http_method_override: 'DELETE' }],
    ['an override of a query', '/k/graphql', 'POST', query('{ a }'), { 'x-http-method': 'PUT' }],
  ])('%s', async (_name, path, method, body, more) => {
    const type = more === 'form' ? 'application/x-www-form-urlencoded' : body && 'application/json'
    const headers = { ...(type && { 'content-type': type }), ...(more === 'form' ? {} : more) }
    const init = JSON.stringify({ method, headers, ...(body && { body }) })
    await page.evaluate(`void fetch(${JSON.stringify(path)}, ${init}).catch(() => 0)`)
    await bench.held(new RegExp(path.split('?')[0] ?? path))
    expect(bench.site.hits.some((hit) => hit.path.startsWith(path))).toBe(false)
  })

  it('a mutation in the address of an image', async () => {
    await page.evaluate(`void (new Image().src = '/image/graphql?query=mutation{b}')`)
    await bench.held(/image/)
    expect(bench.site.hits.some((hit) => hit.path.startsWith('/image'))).toBe(false)
  })
})

it.each([
  ['left to a timer', `setTimeout(fetch.bind(null, 'PATH', { method: 'POST' }))`],
  [
    'in a form',
    `document.body.innerHTML = '<form method=post action=PATH><input name=q></form>'; document.forms[0].submit()`,
  ],
  [
    'in a form left to a timer',
    `document.body.innerHTML = '<form method=post action=PATH><input name=q></form>'; setTimeout(document.forms[0].submit.bind(document.forms[0]))`,
  ],
  [
    'by a script that claims to be the page',
    `(0, eval)("fetch('PATH', { method: 'POST' })\\n//# source" + "URL=" + location.origin + "/app.js")`,
  ],
  [
    'as a beacon when it is left',
    `addEventListener('pagehide', () => navigator.sendBeacon('PATH', 'x')); setTimeout(() => { location = '/app?2' }, 50)`,
  ],
])('a search that a script sends %s is held', async (name, code) => {
  const path = `/${name.replaceAll(' ', '-')}/search`
  const fresh = await bench.open(agent, '/app')
  await fresh.evaluate(`${code.replaceAll('PATH', path)}; 1`)
  await bench.held(new RegExp(path))
  for (const { id } of await bench.holds()) await bench.verdict(id, 'deny')
  await agent.call('Target.closeTarget', { targetId: fresh.targetId })
})

describe('a form that looks like a search or a log-in covers no other request:', () => {
  const search = '<input name=q value=x>'
  const login = '<input name=user value=x><input type=password name=p value=y>'
  it.each([
    ['one that is sent to another site', 'OTHER', search, 'Search', ''],
    [
      'an amount that nobody sees',
      '',
      `${search}<input type=hidden name=amount value=5>`,
      'Go',
      '',
    ],
    ['a recipient', '', `${search}<input type=hidden name=to value=a@b.example>`, 'Search', ''],
    ['an act', '', `${search}<input type=hidden name=do value=delete_account>`, 'Search', ''],
    ['an amount beside a log-in', '', `${login}<input type=hidden name=amount value=5>`, 'Go', ''],
    ['an amount in its address', '?amount=5', search, 'Search', ''],
    ['an amount as the search', '', '<input type=search name=amount value=5>', 'Search', ''],
    [
      'what is added on its way',
      '',
      search,
      'Search',
      `addEventListener('formdata', (e) => e.formData.append('b', '5'))`,
    ],
    [
      'what is changed on its way',
      '',
      search,
      'Search',
      `addEventListener('submit', (e) => { e.target.q.value = '5' })`,
    ],
    ['a button that says Preview', '', '<input name=amount value=5>', 'Preview', ''],
    ['a button that says Cancel', '/delete', '<input name=a value=5>', 'Cancel', ''],
    ['a button that says Show', '', '<input name=a value=5><input name=b>', 'Show', ''],
  ])('%s', async (name, where, fields, label, script) => {
    const path = `/form-${name.replaceAll(' ', '-')}`
    const action = where === 'OTHER' ? `${bench.site.foreign}${path}` : `${path}${where}`
    const fresh = await bench.open(agent, '/app')
    await fresh.evaluate(`document.body.innerHTML =
      '<form method=post action="${action}">${fields}<button id=go>${label}</button></form>'; ${script}`)
    // Some are held at the press, the others when they are sent.
    void fresh.click('#go').catch(() => undefined)
    await bench.held(new RegExp(`^${label}$|${path}`))
    expect(bench.site.mutating()).toEqual([])
    await agent.call('Target.closeTarget', { targetId: fresh.targetId })
  })
})

it.each([
  ['a search', '<input name=q value=x>', 'Search'],
  [
    'a log-in with its token',
    '<input type=hidden name=_token value=8f3a9c><input name=user value=x><input type=password name=p value=y>',
    'Log in',
  ],
])('%s still passes', async (name, fields, label) => {
  const path = `/fine-${name.replaceAll(' ', '-')}`
  const fresh = await bench.open(agent, '/app')
  await fresh.evaluate(`document.body.innerHTML =
    '<form method=post action="${path}">${fields}<button id=go>${label}</button></form>'`)
  void fresh.click('#go').catch(() => undefined)
  await until(() => bench.site.mutating().includes(`POST ${path}`), 10_000)
  await agent.call('Target.closeTarget', { targetId: fresh.targetId })
})
