import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { admit } from '#companion/proxy/admit.ts'
import { BODY_LIMIT, type ProxyGate, type Unstamped } from '#companion/proxy/gate.ts'

function setUp(overrides: Partial<ProxyGate> = {}) {
  const asked: Unstamped[] = []
  const forged: string[] = []
  const reported: unknown[] = []
  const gate: ProxyGate = {
    stampHeader: 'x-stamp',
    spend: (stamp, method, url) => stamp === 'good' && method === 'POST' && url.endsWith('/x'),
    sideEffects: (url) => url.includes('/delete'),
    own: (url) => url.includes('companion'),
    forged: (url) => void forged.push(url),
    judge: (request) => {
      asked.push(request)
      return Promise.resolve({ go: true })
    },
    ...overrides,
  }
  const gone = new AbortController()
  const ask = (
    method: string,
    url: string,
    headers: Record<string, string> = {},
    body: Iterable<Buffer> = [],
  ) =>
    admit(
      gate,
      { method, url, headers, body: Readable.from(body), signal: gone.signal },
      (error) => void reported.push(error),
    )
  return { ask, asked, forged, reported, gone }
}

describe('admitting a request', () => {
  it('passes reads without asking', async () => {
    const { ask, asked } = setUp()
    expect(await ask('GET', 'https://a.example/')).toEqual({ go: true, read: null })
    expect(await ask('OPTIONS', 'https://a.example/delete')).toEqual({ go: true, read: null })
    expect(asked).toEqual([])
  })

  it('passes what a stamp was made for, without reading its body', async () => {
    const { ask, asked } = setUp()
    const stamped = await ask('POST', 'https://a.example/x', { 'x-stamp': 'good' })
    expect(stamped).toEqual({ go: true, read: null })
    expect(asked).toEqual([])
  })

  it('asks about the rest and hides the stamp', async () => {
    const { ask, asked } = setUp()
    await ask('POST', 'https://a.example/y', { 'x-stamp': 'good', accept: '*/*' }, [
      Buffer.from('b'),
    ])
    await ask('GET', 'https://a.example/delete?id=1')
    await ask('HEAD', 'https://a.example/delete?id=1')
    expect(asked).toMatchObject([
      { kind: 'request', method: 'POST', body: Buffer.from('b') },
      { method: 'GET' },
      { method: 'HEAD' },
    ])
    expect(asked[0]?.headers).toEqual({ accept: '*/*' })
  })

  it('calls a body uninspectable that is larger than the limit, and keeps what it read', async () => {
    const { ask, asked } = setUp()
    const mega = Buffer.alloc(1024 * 1024)
    const chunks = Array.from({ length: BODY_LIMIT / mega.length + 3 }, () => mega)
    const admission = await ask('PUT', 'https://a.example/', {}, chunks)
    expect(asked).toMatchObject([{ body: null }])
    expect(admission).toMatchObject({ go: true, read: { whole: false } })
  })

  it('refuses the companion and tells about it, whatever the method or stamp', async () => {
    const { ask, asked, forged } = setUp()
    expect(await ask('GET', 'http://companion/')).toMatchObject({ go: false, status: 403 })
    const stamped = await ask('POST', 'http://companion/x', { 'x-stamp': 'good' })
    expect(stamped).toMatchObject({ go: false })
    expect(forged).toEqual(['http://companion/', 'http://companion/x'])
    expect(asked).toEqual([])
  })

  it('refuses what the browser itself sends to its maker, and asks nobody', async () => {
    const { ask, asked } = setUp()
    for (const url of [
      'http://update.googleapis.com/service/update2/json?x=1',
      'https://accounts.google.com/ListAccounts?source=ChromiumBrowser',
    ]) {
      expect(await ask('POST', url)).toMatchObject({ go: false, status: 403 })
      expect(await ask('GET', url)).toMatchObject({ go: true })
    }
    expect(asked).toEqual([])
    await ask('POST', 'https://accounts.google.com/signin')
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['judge', { judge: () => Promise.reject(new Error('store full')) }],
    [
      'spend',
      {
        spend: () => {
          throw new Error('broken')
        },
      },
    ],
    [
      'own',
      {
        own: () => {
          throw new Error('broken')
        },
      },
    ],
  ])('refuses and reports where the gate fails: %s', async (_name, overrides) => {
    const { ask, reported } = setUp(overrides)
    const admission = await ask('POST', 'https://a.example/x', { 'x-stamp': '?' })
    expect(admission).toMatchObject({ go: false, status: 503 })
    expect(reported).toHaveLength(1)
  })

  it('sends nothing that the browser gave up while it was held, also after a yes', async () => {
    const { ask, gone } = setUp({
      judge: () => {
        gone.abort()
        return Promise.resolve({ go: true })
      },
    })
    expect(await ask('POST', 'https://a.example/')).toEqual({ go: null })
  })
})
