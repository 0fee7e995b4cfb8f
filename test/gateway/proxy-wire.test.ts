import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type IncomingMessage, type RequestOptions, request } from 'node:http'
import { type ClientHttp2Session, connect as connectH2 } from 'node:http2'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { BODY_LIMIT } from '#companion/proxy/gate.ts'
import { type Proxy as RunningProxy, startProxy } from '#companion/proxy/proxy.ts'
import { no, type TestGate, testGate, yes } from './proxy-gate.ts'
import { type Answer, type Site, startSite, testCertificate } from './proxy-site.ts'

const MEGA = Buffer.alloc(1024 * 1024, 1)
const MEGABYTES = 200

const answers: Answer = ({ url }, res) => {
  if (url === '/large') {
    let left = MEGABYTES
    const more = () => {
      while (left > 0) {
        left -= 1
        if (!res.write(MEGA)) return res.once('drain', more)
      }
      return res.end('')
    }
    more()
    return true
  }
  if (url === '/cut') {
    res.setHeader('content-length', '100')
    res.write('half')
    setTimeout(() => res.destroy(), 50)
    return true
  }
  if (url === '/407') {
    res.statusCode = 407
    res.setHeader('proxy-authenticate', 'Basic realm="your password, please"')
    res.end('')
    return true
  }
  return undefined
}

/** What a browser does not send, and what is easier to see from outside one. */
describe('the proxy on the wire', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-wire-'))
  const trusted = testCertificate()
  const expired = testCertificate(Date.now() - 10 * 24 * 3_600_000, 1)
  let http: Site
  let h2: Site
  let gate: TestGate
  let proxy: RunningProxy
  const errors: unknown[] = []

  beforeAll(async () => {
    http = await startSite(answers)
    h2 = await startSite(answers, trusted)
    gate = testGate()
    const extraCa = trusted.file
    const report = (error: unknown) => void errors.push(error)
    proxy = await startProxy({ keys: join(folder, 'keys'), gate, extraCa, report })
  })
  beforeEach(() => {
    http.hits.length = 0
    h2.hits.length = 0
    gate.asked.length = 0
    gate.reply = () => null
  })
  afterAll(async () => {
    await proxy.stop()
    await http.stop()
    await h2.stop()
    await rm(folder, { recursive: true, force: true })
    expect(errors).toEqual([])
  })

  function ask(
    path: string,
    options: RequestOptions = {},
    body: readonly Buffer[] = [],
  ): Promise<{ answer: IncomingMessage; text: string }> {
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port: proxy.port,
          path: `${http.origin}${path}`,
          setHost: false,
          headers: ['Host', `localhost:${http.port}`],
          ...options,
        },
        (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject)
          answer.once('end', () => resolve({ answer, text: Buffer.concat(chunks).toString() }))
        },
      )
      asked.once('error', reject)
      for (const chunk of body) asked.write(chunk)
      asked.end()
    })
  }

  /** What the proxy answers to these bytes, until it closes or falls silent. */
  function said(bytes: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(proxy.port, '127.0.0.1')
      let text = ''
      socket.on('data', (chunk) => {
        text += String(chunk)
      })
      socket.once('close', () => resolve(text)).on('error', () => socket.destroy())
      socket.setTimeout(500, () => socket.destroy())
      socket.write(bytes)
    })
  }

  function tunnel(port: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const asked = request({
        host: '127.0.0.1',
        port: proxy.port,
        method: 'CONNECT',
        path: `localhost:${port}`,
      })
      asked.once('connect', (answer, socket) => {
        if (answer.statusCode === 200 && socket instanceof Object) resolve(socket)
        else reject(new Error(`CONNECT was answered with ${answer.statusCode}`))
      })
      asked.once('error', reject).end()
    })
  }

  async function secured(port: number, protocols: string[]): Promise<TLSSocket> {
    const socket = await tunnel(port)
    const tls = connectTls({
      socket,
      servername: 'localhost',
      ALPNProtocols: protocols,
      rejectUnauthorized: false,
    })
    await new Promise((resolve, reject) => tls.once('secureConnect', resolve).once('error', reject))
    return tls
  }

  async function session(): Promise<ClientHttp2Session> {
    const tls = await secured(h2.port, ['h2'])
    return connectH2(h2.origin, { createConnection: () => tls })
  }

  it('hands on headers as they are: case, order, number', async () => {
    const headers = ['Host', `localhost:${http.port}`, 'aCCept', '*/*', 'X-Two', '1', 'X-Two', '2']
    const all = [...headers, 'X-Holdpoint-Stamp', 's', 'Proxy-Connection', 'keep-alive']
    const { answer } = await ask('/plain', { headers: all })
    expect(answer.statusCode).toBe(200)
    expect(http.hits[0]?.rawHeaders).toEqual([...headers, 'Connection', 'keep-alive'])
    expect(answer.rawHeaders).not.toContain('Via')
  })

  it('answers nobody who does not use it as a proxy', async () => {
    const host = `Host: localhost:${http.port}\r\n`
    const wrong = [
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\n\r\n`,
      `GET ${http.origin}/ HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n`,
      `GET ${http.origin}/ HTTP/1.1\r\n${host}${host}\r\n`,
      `GET https://localhost:${h2.port}/ HTTP/1.1\r\nHost: localhost:${h2.port}\r\n\r\n`,
      `GET ftp://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      'CONNECT localhost HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'CONNECT a@localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    ]
    for (const bytes of wrong) expect(await said(bytes)).toMatch(/^HTTP\/1\.1 400 /)
    const self = `GET http://localhost:${proxy.port}/ HTTP/1.1\r\nHost: localhost:${proxy.port}\r\n\r\n`
    expect(await said(self)).toMatch(/^HTTP\/1\.1 403 /)
    const around = `CONNECT 127.0.0.1:${proxy.port} HTTP/1.1\r\nHost: localhost\r\n\r\n`
    expect(await said(around)).toMatch(/^HTTP\/1\.1 403 /)
    expect(http.hits).toEqual([])
  })

  it('lets only in who knows its password, where it has one', async () => {
    const kept = proxy
    proxy = await startProxy({
      keys: join(folder, 'keys'),
      gate,
      password: 'open sesame',
      report: (error) => void errors.push(error),
    })
    const line = `GET ${http.origin}/ HTTP/1.1\r\nHost: localhost:${http.port}\r\n`
    const of = (password: string) =>
      `Proxy-Authorization: Basic ${Buffer.from(`holdpoint:${password}`).toString('base64')}\r\n`
    expect(await said(`${line}\r\n`)).toMatch(/^HTTP\/1\.1 407 [\s\S]*proxy-authenticate: Basic/)
    expect(await said(`${line}${of('sesame')}\r\n`)).toMatch(/^HTTP\/1\.1 407 /)
    const tunnelled = `CONNECT localhost:${http.port} HTTP/1.1\r\nHost: localhost\r\n`
    expect(await said(`${tunnelled}\r\n`)).toMatch(
      /^HTTP\/1\.1 407 [\s\S]*Proxy-Authenticate: Basic/,
    )
    expect(http.hits).toEqual([])
    expect(await said(`${line}${of('open sesame')}\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
    expect(await said(`${tunnelled}${of('open sesame')}\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
    expect(http.hits[0]?.headers).not.toHaveProperty('proxy-authorization')
    await proxy.stop()
    proxy = kept
  })

  it('is no blind tunnel: what is neither TLS nor HTTP goes nowhere', async () => {
    const heard: string[] = []
    const raw = createServer((socket) => {
      socket.on('data', (chunk) => heard.push(String(chunk))).on('error', () => socket.destroy())
    })
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve))
    const address = raw.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const socket = await tunnel(port)
    socket.write('EHLO mail.example\r\nMAIL FROM:<a@example.com>\r\n')
    await new Promise((resolve) => socket.once('close', resolve).resume())
    expect(heard).toEqual([])
    raw.close()
  })

  it('holds a body that is too large to inspect, and sends all of it after a yes', async () => {
    const size = BODY_LIMIT / MEGA.length + 5
    const body = Array.from({ length: size }, () => MEGA)
    const headers = ['Host', `localhost:${http.port}`, 'Content-Length', `${size * MEGA.length}`]
    const answer = ask('/upload', { method: 'POST', headers }, body)
    const asked = await gate.next(({ url }) => url.endsWith('/upload'))
    expect(asked.request.body).toBeNull()
    expect(http.hits).toEqual([])
    asked.answer(yes)
    expect((await answer).answer.statusCode).toBe(200)
    expect(http.hits[0]?.body.length).toBe(size * MEGA.length)
  })

  it('passes 200 MB without keeping them', async () => {
    const stream = (await session()).request({ ':path': '/large' })
    let size = 0
    let most = 0
    const before = process.memoryUsage().rss
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length
      most = Math.max(most, process.memoryUsage().rss - before)
    })
    await new Promise((resolve, reject) => stream.once('end', resolve).once('error', reject))
    expect(size).toBe(MEGABYTES * MEGA.length)
    // The server, the proxy and the client are this one process.
    expect(most).toBeLessThan(100 * MEGA.length)
  })

  it('does not make half an answer look whole', async () => {
    await expect(ask('/cut')).rejects.toThrow()
    const stream = (await session()).request({ ':path': '/cut' })
    await expect(
      new Promise((resolve, reject) => {
        stream.once('error', reject).once('end', resolve).resume()
      }),
    ).rejects.toThrow()
  })

  it('lets no server ask for a password in the name of the proxy', async () => {
    await expect(ask('/407')).rejects.toThrow()
  })

  it('holds and refuses over HTTP/2 as well, and repeats nothing', async () => {
    const client = await session()
    const stream = client.request({ ':method': 'DELETE', ':path': '/item/1' })
    const status = new Promise((resolve) => {
      stream.once('response', (headers) => resolve(headers[':status']))
    })
    const asked = await gate.next(({ method }) => method === 'DELETE')
    expect(asked.request.url).toBe(`${h2.origin}/item/1`)
    asked.answer(no)
    expect(await status).toBe(403)
    const other = client.request({ ':path': '/', ':authority': 'elsewhere.example' })
    other.on('error', () => other.destroy())
    await new Promise((resolve) => other.once('close', resolve))
    expect(h2.hits).toEqual([])
    client.destroy()
  })

  it('connects anew where the server hung up during the hold', async () => {
    const client = await session()
    const stream = client.request({ ':method': 'POST', ':path': '/late' })
    stream.end('x')
    const status = new Promise((resolve) => {
      stream.once('response', (headers) => resolve(headers[':status']))
    })
    const asked = await gate.next(({ url }) => url.endsWith('/late'))
    h2.hangUp()
    await new Promise((resolve) => setTimeout(resolve, 50))
    asked.answer(yes)
    expect(await status).toBe(200)
    expect(h2.to('/late')).toMatchObject([{ method: 'POST', body: 'x' }])
    client.destroy()
  })

  it('tells past the warning why a certificate is not trusted, and sends nothing', async () => {
    const site = await startSite(answers, expired)
    const own = await startProxy({
      keys: join(folder, 'keys'),
      gate,
      extraCa: expired.file,
      report: (error) => void errors.push(error),
    })
    const kept = proxy
    proxy = own
    const tls = await secured(site.port, ['http/1.1'])
    expect(tls.getPeerCertificate().subject.O).toBe('Holdpoint: CERT_HAS_EXPIRED')
    tls.write(`GET / HTTP/1.1\r\nHost: localhost:${site.port}\r\n\r\n`)
    const text = await new Promise((resolve) => tls.once('data', (chunk) => resolve(String(chunk))))
    expect(text).toMatch(/^HTTP\/1\.1 502 [\s\S]*CERT_HAS_EXPIRED/)
    expect(site.hits).toEqual([])
    tls.destroy()
    proxy = kept
    await own.stop()
    await site.stop()
  })

  it('sends the last words of a page that says them and closes at once', async () => {
    gate.reply = ({ kind }) => (kind === 'websocket' ? yes : null)
    const socket = await tunnel(http.port)
    const ws = new WebSocket(`ws://localhost:${http.port}/socket`, {
      createConnection: () => socket,
    })
    await new Promise((resolve) => ws.once('open', resolve))
    ws.send('last')
    ws.close(4000, 'done')
    const asked = await gate.next(({ text }) => text === 'last')
    asked.answer(yes)
    await expect.poll(() => http.frames).toEqual(['last'])
  })

  it('listens on loopback only', async () => {
    const { networkInterfaces } = await import('node:os')
    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of outside) {
      const socket = connect(proxy.port, address)
      await expect(
        new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject)),
      ).rejects.toThrow('ECONNREFUSED')
    }
  })
})
