import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { methodGroups, verdictOn } from '#companion/gateway/allowlist.ts'
import { type Params, paramsOf, type Session, textOf } from '#companion/gateway/cdp.ts'
import { type Launched, launch } from '#companion/gateway/launch.ts'
import type { PipeEvent } from '#companion/gateway/pipe.ts'
import { mayHoldSecret, redactEvent, redactor } from '#companion/gateway/redact.ts'

const profile = mkdtempSync(join(tmpdir(), 'holdpoint-redact-'))
/** In cookies that no script can read, and in the credentials of one request. */
const SESSION = 'c0ffee5e5510'
/** In password fields: sent by the server, and typed. */
const PASSWORD = 'hunter2hunter2'
const OPEN = 'da4kda4k'

let launched: Launched
let session: Session
let origin = ''
const events: PipeEvent[] = []

const site = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://site')
  response.setHeader('set-cookie', [
    `sid=${SESSION}; HttpOnly`,
    `theme=${OPEN}`,
    `blocked=${SESSION}; HttpOnly; Secure; SameSite=None; Domain=other.example`,
  ])
  response.setHeader('content-type', 'text/html')
  if (pathname === '/go') response.writeHead(302, { location: '/' }).end()
  else response.end(pathname === '/' ? PAGE : '{}')
})

const PAGE = `<title>Sign in</title><form>
  <input name="user" value="bob"><input type="password" name="first" value="${PASSWORD}1">
  <input type="password" id="typed" aria-label="Password"></form>`

beforeAll(async () => {
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  site.on('upgrade', (request, socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSet-Cookie: ws=${SESSION}; HttpOnly\r\n\r\n`,
    )
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const address = site.address()
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  launched = await launch({ browser: found.browser, profile, headless: true })
  launched.pipe.onEvent((event) => void events.push(event))
  session = await newPage()
  await visit()
})

afterAll(async () => {
  await launched?.close()
  site.close()
  site.closeAllConnections()
  rmSync(profile, { recursive: true, force: true })
})

async function newPage(): Promise<Session> {
  const { pipe } = launched
  const { targetId } = await pipe.call('Target.createTarget', { url: 'about:blank' })
  const attached = await pipe.call('Target.attachToTarget', { targetId, flatten: true })
  return launched.pipe.session(textOf(attached.sessionId))
}

/** Does what a session shows itself in: pages, redirects, scripts with credentials, WebSockets. */
async function visit(): Promise<void> {
  const enable = methodGroups
    .filter(({ class: one }) => one === 'allow')
    .flatMap(({ methods }) => methods)
    .filter((method) => method.endsWith('.enable') && !/^(?:Fetch|FedCm)\./.test(method))
  for (const method of enable) await session.call(method).catch(() => undefined) // not on a page
  session.on('Fetch.requestPaused', ({ requestId }) => {
    session.call('Fetch.continueRequest', { requestId }).catch(() => undefined) // it has gone
  })
  await session.call('Fetch.enable', {
    patterns: [{ requestStage: 'Request' }, { requestStage: 'Response' }],
  })
  for (const path of ['/', '/go']) {
    const loaded = new Promise<void>((resolve) =>
      session.on('Page.loadEventFired', () => resolve()),
    )
    await session.call('Page.navigate', { url: `${origin}${path}` })
    await loaded
  }
  await session.call('DOM.getDocument', { depth: -1, pierce: true })
  await evaluate(`document.querySelector('#typed').focus()`)
  await session.call('Input.insertText', { text: `${PASSWORD}2` })
  await evaluate(`fetch('/api', { method: 'POST', headers: { Authorization: 'Bearer ${SESSION}' } })
    .then((response) => response.text())`)
  await evaluate(`new Promise((resolve) => {
    new WebSocket(location.origin.replace('http', 'ws')).onopen = resolve })`)
  await wait(300)
}

async function evaluate(expression: string): Promise<Params> {
  return await session.call('Runtime.evaluate', { expression, awaitPromise: true })
}

/** The message as an agent is shown it. */
function shown(raw: string, part: 'params' | 'result', redact: ((p: Params) => Params) | null) {
  // Chromium writes other characters than ASCII by their number.
  if (!redact || !mayHoldSecret(raw)) return JSON.stringify(JSON.parse(raw))
  return JSON.stringify(redact(paramsOf(paramsOf(JSON.parse(raw))[part])))
}

/** Text that the test itself has put into a script or into a field is not what it looks for. */
const ECHO = /^(?:Runtime|Debugger|Console|Log)\./

describe('what an agent is shown of a session', () => {
  it('is in no event', () => {
    const held = events.filter(({ raw, method }) => raw.includes(SESSION) && !ECHO.test(method))
    expect([...new Set(held.map(({ method }) => method))].sort()).toEqual([
      'Fetch.requestPaused',
      'Network.requestWillBeSent',
      'Network.requestWillBeSentExtraInfo',
      'Network.responseReceivedExtraInfo',
      'Network.webSocketHandshakeResponseReceived',
      'Network.webSocketWillSendHandshakeRequest',
    ])
    const leaks = held.filter((event) =>
      shown(event.raw, 'params', redactEvent(event.method)).includes(SESSION),
    )
    expect(leaks.map(({ raw }) => raw)).toEqual([])
  })

  it.each<[string, Params]>([
    ['Network.getCookies', {}],
    ['Network.getAllCookies', {}],
    ['Storage.getCookies', {}],
  ])('is in no answer to %s', async (method, params) => {
    const raw = await answer(method, params)
    expect(raw).toContain(SESSION)
    const seen = shown(raw, 'result', redactor(method))
    expect(seen).not.toContain(SESSION)
    expect(seen).toContain(OPEN)
  })
})

describe('what an agent is shown of passwords', () => {
  it.each<[string, Params, boolean]>([
    ['DOM.getDocument', { depth: -1, pierce: true }, true],
    ['DOM.getFlattenedDocument', { depth: -1, pierce: true }, true],
    ['DOMSnapshot.captureSnapshot', { computedStyles: [] }, true],
    ['DOMSnapshot.getSnapshot', { computedStyleWhitelist: [] }, true],
    ['Accessibility.getFullAXTree', {}, false],
  ])('is masked by %s', async (method, params, contains) => {
    const raw = await answer(method, params)
    expect(raw.includes(PASSWORD)).toBe(contains)
    const seen = shown(raw, 'result', redactor(method))
    expect(seen).not.toContain(PASSWORD)
    expect(seen).toContain('••••')
    expect(seen).toContain('bob')
  })

  it('is masked in markup', async () => {
    const { root } = await session.call('DOM.getDocument')
    const raw = await answer('DOM.getOuterHTML', { nodeId: paramsOf(root).nodeId })
    expect(raw).toContain(PASSWORD)
    expect(shown(raw, 'result', redactor('DOM.getOuterHTML'))).not.toContain(PASSWORD)
  })
})

describe('the guard before Debugger.enable', () => {
  const paused = async (guarded: boolean) => {
    const page = await newPage()
    let pauses = 0
    page.on('Debugger.paused', () => {
      pauses += 1
      void page.call('Debugger.resume')
    })
    const verdict = verdictOn('Debugger.enable', {}, 'target')
    if (guarded && verdict.class === 'guard')
      await page.call(verdict.first.method, verdict.first.params)
    await page.call('Debugger.enable')
    await page.call('Debugger.setPauseOnExceptions', { state: 'all' })
    const expression = `debugger; try { throw 1 } catch {} 7`
    const { result } = await page.call('Runtime.evaluate', { expression })
    expect(paramsOf(result).value).toBe(7)
    return pauses
  }

  it('is what keeps a page from pausing', async () => {
    expect(await paused(false)).toBe(2)
    expect(await paused(true)).toBe(0)
  })
})

async function answer(method: string, params: Params): Promise<string> {
  const sessionId = session.id
  return await new Promise((resolve) =>
    launched.pipe.forward({ method, params, sessionId }, resolve),
  )
}
