import { afterEach, describe, expect, it } from 'vitest'
import { contextProviders } from '#companion/context/providers.ts'
import type { Action } from '#shared/policy/action.ts'
import { FakeClock } from '../companion/bench.ts'
import { act, policyOf } from '../policy/arbitrary.ts'
import { type FactServer, factServer, json } from './fact-server.ts'

const open: FactServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

async function serve(answer: Parameters<typeof factServer>[0]): Promise<FactServer> {
  const server = await factServer(answer)
  open.push(server)
  return server
}

function bench(url: string, more = '', env: Record<string, string> = {}) {
  const reports: string[] = []
  const clock = new FakeClock()
  const policy = policyOf(`
version: 1
context:
  account: { http: "${url}", gives: { state: string }, timeout: 1s${more} }
rules:
  - { id: open, effect: allow, on: { capability: update }, if: 'context.account.state == "open"' }
`)
  const report = (error: unknown) => reports.push(error instanceof Error ? error.message : '')
  const ask = contextProviders({ policy: () => policy, dir: '/', clock, env, report })
  const facts = (action: Partial<Action> = {}) => {
    const { descriptor, classification } = act({ capability: 'update', ...action })
    return ask(descriptor, classification)
  }
  return { facts, reports, clock }
}

const OPEN = { account: { state: 'open' } }

describe('facts over http', () => {
  it('are asked for with the action’s values, percent-encoded, and with a token', async () => {
    const server = await serve((_, response) => json(response, { state: 'open', more: 1 }))
    const url = `${server.origin}/accounts/{field.Account}?who={recipient}&at={page.host}`
    const { facts } = bench(url, ', auth: env:CRM_TOKEN', { CRM_TOKEN: 's3cret' })
    const action = { fields: { Account: 'a/b?c#d&e' }, recipients: ['ann@example.com'] }
    expect(await facts({ ...action, url: 'https://crm.example.com/x' })).toEqual(OPEN)
    expect(server.asked).toEqual([
      '/accounts/a%2Fb%3Fc%23d%26e?who=ann%40example.com&at=crm.example.com',
    ])
    expect(server.headers[0]?.authorization).toBe('Bearer s3cret')
  })

  it.each(['..', '.', '', '\ud800'])('are not asked for where a value is %j', async (value) => {
    const server = await serve((_, response) => json(response, { state: 'open' }))
    const { facts, reports } = bench(`${server.origin}/accounts/{field.Account}/state`)
    expect(await facts({ fields: { Account: value } })).toEqual({})
    expect(server.asked).toEqual([])
    expect(reports).toHaveLength(1)
  })

  it('are not asked for without the token that the policy wants', async () => {
    const server = await serve((_, response) => json(response, { state: 'open' }))
    const { facts, reports } = bench(server.origin, ', auth: env:NOT_SET')
    expect(await facts()).toEqual({})
    expect(server.asked).toEqual([])
    expect(reports[0]).toContain('`NOT_SET` is not set')
  })

  it.each<[string, Parameters<typeof factServer>[0], RegExp]>([
    ['fails', (_, response) => json(response, { state: 'open' }, 500), /answered 500/],
    [
      'answers with a page',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' })
        response.end('<p>{"state":"open"}')
      },
      /text\/html/,
    ],
    ['answers with broken JSON', (_, response) => json(response, '{"state":'), /JSON/],
    ['answers with a list', (_, response) => json(response, [{ state: 'open' }]), /no JSON object/],
    [
      'answers with too much',
      (_, response) => json(response, { state: 'open', x: 'x'.repeat(70_000) }),
      /more than 65536 bytes/,
    ],
    ['is too slow', () => undefined, /no answer within 1000 ms/],
    [
      'is too slow with the body',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write('{"state":')
      },
      /no answer within 1000 ms/,
    ],
    ['hangs up', (request) => request.socket.destroy(), /fetch failed/],
    [
      'redirects in a circle',
      (_, response) => {
        response.writeHead(302, { location: '/again' })
        response.end()
      },
      /redirects more than 3 times/,
    ],
  ])('are unknown from a server that %s', async (_, answer, why) => {
    const server = await serve(answer)
    const { facts, reports } = bench(server.origin)
    expect(await facts()).toEqual({})
    expect(reports).toEqual([expect.stringMatching(why)])
  })

  it('come after a redirect on the same origin, never from another', async () => {
    const other = await serve((_, response) => json(response, { state: 'open' }))
    const server = await serve((request, response) => {
      if (request.url === '/there') return json(response, { state: 'open' })
      const location = request.url === '/' ? '/there' : `${other.origin}/there`
      response.writeHead(307, { location })
      response.end()
    })
    expect(await bench(server.origin).facts()).toEqual(OPEN)
    const away = bench(`${server.origin}/away`, ', auth: env:T', { T: 's3cret' })
    expect(await away.facts()).toEqual({})
    expect(away.reports[0]).toContain('another origin')
    expect(other.asked).toEqual([])
  })

  it('are kept as long as the policy says, for the same address', async () => {
    const server = await serve((_, response) => json(response, { state: 'open' }))
    const { facts, clock } = bench(`${server.origin}/{field.A}`, ', cache: 1m')
    await facts({ fields: { A: 'x' } })
    expect(await facts({ fields: { A: 'x' } })).toEqual(OPEN)
    await facts({ fields: { A: 'y' } })
    expect(server.asked).toEqual(['/x', '/y'])
    clock.advance(60_000)
    await facts({ fields: { A: 'x' } })
    expect(server.asked).toEqual(['/x', '/y', '/x'])
  })

  it('are asked for every time without `cache`, and a failure is never kept', async () => {
    let good = false
    const server = await serve((_, response) => json(response, { state: 'open' }, good ? 200 : 503))
    const { facts } = bench(server.origin, ', cache: 1m')
    expect(await facts()).toEqual({})
    good = true
    expect(await facts()).toEqual(OPEN)
    const uncached = bench(server.origin)
    await uncached.facts()
    await uncached.facts()
    expect(server.asked).toHaveLength(4)
  })

  it('never ask more than 32 at the same time', async () => {
    let running = 0
    let most = 0
    const server = await serve((_, response) => {
      running += 1
      most = Math.max(most, running)
      setTimeout(() => {
        running -= 1
        json(response, { state: 'open' })
      }, 20)
    })
    const { facts } = bench(server.origin)
    const all = await Promise.all(Array.from({ length: 100 }, () => facts()))
    expect(all).toEqual(Array(100).fill(OPEN))
    expect(most).toBe(32)
  })
})
