import { request } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Companion } from '#companion/commands/start-companion.ts'
import { IssuedToken } from '#shared/protocol/access.ts'
import { AuditPage, HoldPage } from '#shared/protocol/api.ts'
import { call, companion, extensionOrigin, pairBrowser, sendClick, worker } from './companion.ts'

/** A request with headers that `fetch` would not send. */
function raw(
  c: Companion,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<{ status: number; type: string; text: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(c.url)
    const req = request({ host: '127.0.0.1', port, method, path, headers }, (res) => {
      let text = ''
      res.setEncoding('utf8')
      res.on('data', (chunk: string) => {
        text += chunk
      })
      res.on('end', () =>
        resolve({ status: res.statusCode ?? 0, type: res.headers['content-type'] ?? '', text }),
      )
    })
    req.on('error', reject)
    req.end(body)
  })
}

async function audit(c: Companion, query = '') {
  return AuditPage.parse((await call(c, 'GET', `/v1/audit?limit=500${query}`)).body).entries
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('a foreign Host', () => {
  it.each([
    'evil.example.com',
    'rebind.localhost:PORT',
    '127.0.0.1.evil.example.com:PORT',
    'localhost:1',
    '127.0.0.1',
    'localhost.:PORT',
  ])('%s is refused everywhere and recorded', async (template) => {
    const c = await companion()
    const host = template.replace('PORT', new URL(c.url).port)
    const forged = { host, 'x-forwarded-host': new URL(c.url).host, ...bearer(c.token) }
    for (const path of ['/', '/assets/x.js', '/v1/health', '/v1/holds']) {
      const answer = await raw(c, 'GET', path, forged)
      expect([answer.status, answer.type]).toEqual([421, 'application/problem+json'])
    }
    expect((await audit(c, '&kind=refused')).map(({ body }) => body.code)).toEqual([
      'host_refused',
      'host_refused',
      'host_refused',
      'host_refused',
    ])
  })

  it('is refused as a second Host header and as an absolute target', async () => {
    const c = await companion()
    const { port, host } = new URL(c.url)
    const send = (text: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connectTcp(Number(port), '127.0.0.1', () => socket.write(text))
        let answer = ''
        socket.on('data', (chunk) => {
          answer += chunk.toString()
        })
        socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''))
        socket.on('error', reject)
      })
    const end = 'Connection: close\r\n\r\n'
    const double = `GET /v1/health HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example.com\r\n${end}`
    const absolute = `GET http://evil.example.com/v1/health HTTP/1.1\r\nHost: ${host}\r\n${end}`
    const none = `GET /v1/health HTTP/1.0\r\n${end}`
    for (const text of [double, absolute, none]) expect(await send(text)).toMatch(/ 4(00|21) /)
  })

  it('is not our own name: localhost and [::1] are', async () => {
    const c = await companion()
    const { port } = new URL(c.url)
    for (const name of ['localhost', '127.0.0.1', '[::1]'])
      expect((await raw(c, 'GET', '/v1/health', { host: `${name}:${port}` })).status).toBe(200)
  })
})

describe('a page of another origin', () => {
  const origins = [
    'https://evil.example.com',
    'null',
    'http://localhost:1',
    'chrome-extension://abc',
  ]

  it.each(origins)('%s is refused, even with the token', async (origin) => {
    const c = await companion()
    const headers = { origin, ...bearer(c.token) }
    for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE']) {
      const answer = await call(c, method, '/v1/holds', undefined, headers)
      expect(answer).toMatchObject({ status: 403, body: { code: 'origin_refused' } })
    }
  })

  it('that posts a verdict is recorded as a forgery and changes nothing', async () => {
    const c = await companion()
    const browser = await worker(c)
    const held = await browser.ask(sendClick())
    if (held.state !== 'held') throw new Error('not held')
    const path = `/v1/holds/${held.hold.id}/verdict`
    const headers = { origin: 'https://evil.example.com', 'content-type': 'text/plain' }
    const answer = await call(c, 'POST', path, { verdict: 'approve' }, headers)
    expect(answer.status).toBe(403)
    const [entry] = await audit(c, '&kind=forgery')
    expect(entry?.body).toMatchObject({ origin: 'https://evil.example.com', path })
    const pending = HoldPage.parse((await call(c, 'GET', '/v1/holds?state=pending')).body)
    expect(pending.holds.map(({ id }) => id)).toEqual([held.hold.id])
  })

  it('cannot fill the log', async () => {
    const c = await companion()
    const headers = { origin: 'https://evil.example.com' }
    for (let n = 0; n < 60; n++) await call(c, 'GET', '/v1/health', undefined, headers)
    expect((await audit(c, '&kind=refused')).length).toBe(20)
  })

  it('cannot open the link, nor can the extension without its token or with it from elsewhere', async () => {
    const c = await companion()
    const { link, token } = await pairBrowser(c)
    const open = (origin: string | undefined, protocols: string[]) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(link, protocols, origin === undefined ? {} : { origin })
        socket.once('open', () => {
          socket.terminate()
          resolve('open')
        })
        socket.once('error', (error) => resolve(error.message))
      })
    const ours = ['holdpoint.v1', `bearer.${token}`]
    expect(await open('https://evil.example.com', ours)).toContain('403')
    expect(await open(undefined, ours)).toContain('401')
    expect(await open('moz-extension://00000000-0000-0000-0000-000000000000', ours)).toContain(
      '403',
    )
    expect(await open(extensionOrigin, ['holdpoint.v1'])).toContain('401')
    expect(await open(extensionOrigin, ['holdpoint.v1', `bearer.${c.token}`])).toContain('401')
    expect(await open(extensionOrigin, ours)).toBe('open')
  })
})

describe('a bad request', () => {
  const problem = (status: number, code: string) => ({
    status,
    type: 'application/problem+json',
    body: { status, code },
  })

  it('gets a problem that says why, and stores nothing', async () => {
    const c = await companion()
    const { length } = await audit(c)
    const own = bearer(c.token)
    const json = { ...own, 'content-type': 'application/json' }
    const verdict = '/v1/holds/h/verdict'
    expect(await call(c, 'GET', '/v1/holds', undefined, {})).toMatchObject(
      problem(401, 'token_missing'),
    )
    expect(await call(c, 'GET', '/v1/holds', undefined, bearer('t_x.y'))).toMatchObject(
      problem(401, 'token_wrong'),
    )
    expect(await call(c, 'GET', '/v1/nothing')).toMatchObject(problem(404, 'not_found'))
    expect(await call(c, 'GET', '/v1/holds/nothing')).toMatchObject(problem(404, 'hold_unknown'))
    expect(await call(c, 'PUT', '/v1/holds')).toMatchObject(problem(405, 'method_not_allowed'))
    expect(await call(c, 'GET', '/v1/holds?state=lost')).toMatchObject(problem(400, 'invalid'))
    expect(
      await call(c, 'POST', verdict, {}, { ...own, 'content-type': 'text/plain' }),
    ).toMatchObject(problem(415, 'content_type'))
    expect(await call(c, 'POST', verdict, { verdict: 'yes' })).toMatchObject({
      ...problem(400, 'invalid'),
      body: { errors: [{ path: 'verdict' }] },
    })
    expect(await call(c, 'POST', verdict, { verdict: 'deny', x: 1 })).toMatchObject(
      problem(400, 'invalid'),
    )
    expect(
      await call(c, 'POST', '/v1/evaluate', { ...sendClick(), gesture: 'wink' }),
    ).toMatchObject({
      ...problem(400, 'invalid'),
      body: { errors: [{ path: 'gesture' }] },
    })
    const broken = await raw(c, 'POST', verdict, json, '{"verdict":')
    expect([broken.status, broken.type]).toEqual([400, 'application/problem+json'])
    const deep = await raw(c, 'POST', verdict, json, '['.repeat(100_000))
    expect(deep.status).toBe(400)
    expect((await audit(c)).length).toBe(length)
  })

  it('of too many bytes is refused by its length and while it is read', async () => {
    const c = await companion()
    const json = { ...bearer(c.token), 'content-type': 'application/json' }
    const body = `"${'x'.repeat(300 * 1024)}"`
    const sized = { ...json, 'content-length': String(body.length) }
    expect((await raw(c, 'POST', '/v1/evaluate', sized, body)).status).toBe(413)
    const chunked = { ...json, 'transfer-encoding': 'chunked' }
    expect((await raw(c, 'POST', '/v1/evaluate', chunked, body)).status).toBe(413)
  })

  it('does not get out of the dashboard folder', async () => {
    const c = await companion()
    const { host } = new URL(c.url)
    for (const path of [
      '/../package.json',
      '/%2e%2e/%2e%2e/package.json',
      '/..%2f..%2fpackage.json',
    ]) {
      const { text } = await raw(c, 'GET', path, { host })
      expect(text).not.toContain('holdpoint"')
    }
  })
})

describe('every answer', () => {
  it('has the safe headers', async () => {
    const c = await companion()
    for (const path of ['/', '/v1/health', '/v1/nothing']) {
      const { headers } = await fetch(`${c.url}${path}`)
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('content-security-policy')).not.toContain('unsafe-inline')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})

describe('an agent that tries to approve', () => {
  it('is refused, recorded as a forgery, and opens the breaker', async () => {
    const c = await companion()
    const made = await call(c, 'POST', '/v1/tokens', { name: 'bot', role: 'agent' })
    const { token } = IssuedToken.parse(made.body)
    const asked = await call(c, 'POST', '/v1/evaluate', sendClick(), bearer(token))
    expect(asked).toMatchObject({ status: 200, body: { decision: 'hold' } })
    const { holds } = HoldPage.parse((await call(c, 'GET', '/v1/holds?state=pending')).body)
    const path = `/v1/holds/${holds[0]?.id}/verdict`
    const tried = await call(c, 'POST', path, { verdict: 'approve' }, bearer(token))
    expect(tried).toMatchObject({ status: 403, body: { code: 'role_may_not' } })
    expect((await call(c, 'GET', '/v1/holds', undefined, bearer(token))).status).toBe(403)
    expect((await audit(c, '&kind=forgery'))[0]?.actor).toBe('agent:bot')
    expect((await call(c, 'GET', '/v1/status')).body).toMatchObject({ breaker: { open: true } })
  })
})

describe('pairing', () => {
  it('works once per code, and no more after five wrong guesses', async () => {
    const c = await companion()
    const origin = { origin: extensionOrigin }
    const pair = (code: string) => call(c, 'POST', '/v1/pair', { code, name: 'Chromium' }, origin)
    const { code } = c.pairing
    expect((await pair(code)).status).toBe(200)
    expect((await pair(code)).status).toBe(403)
    const fresh = c.pair().code
    const wrong = fresh === '000000' ? '000001' : '000000'
    for (let n = 0; n < 5; n++)
      expect(await pair(wrong)).toMatchObject({ body: { code: 'code_wrong' } })
    expect((await pair(fresh)).status).toBe(403)
  })

  it('is for extensions only', async () => {
    const c = await companion()
    const body = { code: c.pairing.code, name: 'x' }
    expect((await call(c, 'POST', '/v1/pair', body, {})).status).toBe(403)
    const { origin } = new URL(c.url)
    expect((await call(c, 'POST', '/v1/pair', body, { origin })).status).toBe(403)
  })
})
