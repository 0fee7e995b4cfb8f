import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { type WebSocket, WebSocketServer } from 'ws'
import { changes } from '#shared/protocol/binding.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { EXTENSION_ID } from '#shared/protocol/extension-id.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import {
  type Answer,
  type FromCompanion,
  FromWorker,
  type GateSettings,
} from '#shared/protocol/link.ts'
import type { Effect } from '#shared/protocol/words.ts'

/** Keeps what the extension says and answers what a test tells it to: the companion's half of the link
 * without policy, log or store, so that these tests are about the extension alone. */
export async function startFakeCompanion() {
  const heard: FromWorker[] = []
  const holds = new Map<string, Hold>()
  const tickets = new Map<string, string>()
  const sockets = new Set<WebSocket>()
  let listeners: (() => void)[] = []
  let port = 0
  let server: Server | null = null
  const self = {
    heard,
    holds,
    /** What an ask is answered with. */
    answer: 'held' as 'held' | 'go' | 'denied' | 'shadowed',
    effect: 'reversible' as Effect,
    settings: settingsOf('enforce'),
    get url() {
      return `http://127.0.0.1:${port}`
    },
    async listen() {
      const http = createServer((request, response) => {
        response.writeHead(request.url === '/v1/pair' ? 200 : 404, {
          'content-type': 'application/json',
          'access-control-allow-origin': '*',
        })
        response.end(
          JSON.stringify({ token: 'fake-token', link: `ws://127.0.0.1:${port}/v1/link` }),
        )
      })
      const wss = new WebSocketServer({ server: http, handleProtocols: () => 'holdpoint.v1' })
      wss.on('connection', (socket) => serve(socket))
      await new Promise<void>((done) => http.listen(port, '127.0.0.1', done))
      port = portOf(http)
      server = http
    },
    async stop() {
      for (const socket of sockets) socket.terminate()
      sockets.clear()
      const closing = server
      server = null
      await new Promise<void>((done) => (closing ? closing.close(() => done()) : done()))
    },
    push(message: FromCompanion) {
      for (const socket of sockets) socket.send(JSON.stringify(message))
    },
    /** Ends a hold as the dashboard would. */
    decide(hold: string, state: 'approved' | 'denied', tell?: string) {
      const found = holds.get(hold)
      if (!found) throw new Error(`no hold ${hold}`)
      holds.set(hold, { ...found, state })
      const ticket = `ticket-${hold}`
      if (state === 'approved') tickets.set(hold, ticket)
      self.push({
        type: 'decided',
        hold,
        requestId: found.requestId,
        state,
        ...(state === 'approved' ? { ticket } : {}),
        ...(tell ? { tell } : {}),
      })
    },
    /** The first message of a kind after the first `skip`, waited for. */
    async hear<T extends FromWorker['type']>(type: T, skip = 0) {
      for (;;) {
        const found = heard.filter((m): m is Extract<FromWorker, { type: T }> => m.type === type)
        const wanted = found[skip]
        if (wanted) return wanted
        await new Promise<void>((done) => listeners.push(done))
      }
    },
    /** The hold made for the nth ask, waited for. */
    async hold(nth = 0): Promise<Hold> {
      for (;;) {
        const found = [...holds.values()][nth]
        if (found) return found
        await new Promise<void>((done) => listeners.push(done))
      }
    },
    reset() {
      heard.length = 0
      holds.clear()
      tickets.clear()
      self.answer = 'held'
      self.effect = 'reversible'
    },
  }

  function serve(socket: WebSocket) {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    const send = (message: FromCompanion) => socket.send(JSON.stringify(message))
    send({ type: 'hello', settings: self.settings, companion: 'fake' })
    socket.on('message', (data) => {
      const message = FromWorker.parse(JSON.parse(String(data)))
      heard.push(message)
      const answer = answerTo(message)
      if (answer && 'id' in message) send({ type: 'answer', id: message.id, answer })
      if (message.type === 'verdict' && holds.get(message.hold)?.state === 'pending')
        self.decide(message.hold, message.verdict === 'approve' ? 'approved' : 'denied')
      const waiting = listeners
      listeners = []
      for (const listener of waiting) listener()
    })
  }

  function answerTo(message: FromWorker): Answer | null {
    if (message.type === 'redeem') return redeem(message)
    if (message.type === 'record') return { state: 'recorded', audit: 'hp_1' }
    if (message.type !== 'ask') return null
    const known = [...holds.values()].find((hold) => hold.requestId === message.id)
    if (known) return { state: 'held', hold: known }
    if (self.answer === 'go') return { state: 'go', audit: 'hp_go', mode: 'enforce' }
    if (self.answer === 'denied')
      return { state: 'denied', audit: 'hp_2', reason: 'a rule says so', tell: 'not here' }
    if (self.answer === 'shadowed') return { state: 'shadowed', audit: 'hp_3', reason: 'shadow' }
    return { state: 'held', hold: makeHold(message.id, message.descriptor) }
  }

  function redeem(message: Extract<FromWorker, { type: 'redeem' }>): Answer {
    const hold = holds.get(message.hold)
    if (!hold || tickets.get(message.hold) !== message.ticket)
      return { state: 'refused', code: 'ticket-used', reason: 'the ticket was used' }
    tickets.delete(message.hold)
    const moved = changes(hold.descriptor, message.descriptor)
    if (moved.length === 0) {
      holds.set(hold.id, { ...hold, released: true })
      return { state: 'go', audit: `release-${hold.id}`, mode: 'enforce' }
    }
    holds.set(hold.id, { ...hold, state: 'withdrawn' })
    const next = { ...makeHold(message.id, message.descriptor), replaces: hold.id, changes: moved }
    holds.set(next.id, next)
    return { state: 'held', hold: next }
  }

  function makeHold(requestId: string, descriptor: Descriptor): Hold {
    const hold: Hold = {
      id: `hold-${holds.size + 1}`,
      requestId,
      state: 'pending',
      createdAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() + 300_000).toISOString(),
      descriptor,
      classification: {
        capability: 'update',
        category: 'other',
        effect: self.effect,
        signals: [{ id: 'fake', says: 'a test says so' }],
      },
      decision: {
        kind: 'hold',
        rules: [],
        reason: 'a test holds everything',
        pattern: 'review-gate',
        mode: 'enforce',
        wouldNeed: [],
        policyVersion: '1',
      },
      released: false,
      auditId: 'hp_0',
    }
    holds.set(hold.id, hold)
    return hold
  }

  await self.listen()
  return self
}

export type FakeCompanion = Awaited<ReturnType<typeof startFakeCompanion>>

export function settingsOf(mode: GateSettings['mode']): GateSettings {
  return { mode, policyVersion: '1', sites: [], ruleModes: false }
}

/** A website that serves `pages` by path and remembers every request that is not a GET. */
export async function startSite(pages: Record<string, string>) {
  const received: { method: string; url: string; body: string }[] = []
  const server = createServer((request, response) => {
    bodyOf(request)
      .then((body) => {
        const { method = '', url = '' } = request
        if (method !== 'GET') received.push({ method, url, body })
        const page = pages[url.replace(/\?.*$/, '')]
        response.writeHead(url.startsWith('/fail') ? 500 : 200, { 'content-type': 'text/html' })
        response.end(`<!doctype html><title>site</title>${page ?? '<p id="after">done</p>'}`)
      })
      .catch((error: Error) => response.destroy(error))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    received,
    url: `http://127.0.0.1:${portOf(server)}`,
    stop: () => {
      server.closeAllConnections()
      return new Promise<void>((done) => server.close(() => done()))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return (address satisfies AddressInfo).port
}

/** Chromium with one build of the extension in it. */
export async function launchWithExtension(build: 'store' | 'supervised'): Promise<BrowserContext> {
  const root = resolve(import.meta.dirname, '../..')
  const dir = resolve(root, `.output/chrome-mv3${build === 'store' ? '' : '-supervised'}`)
  return chromium.launchPersistentContext('', {
    executablePath: process.env.HOLDPOINT_BROWSER ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', `--disable-extensions-except=${dir}`, `--load-extension=${dir}`],
  })
}

/** Pairs as a person does who follows the address that the companion prints. */
export async function pairWith(context: BrowserContext, companion: string): Promise<void> {
  const page = await context.newPage()
  const hash = `companion=${encodeURIComponent(companion)}&code=123456`
  await page.goto(`chrome-extension://${EXTENSION_ID}/pair.html#${hash}`)
  await page.locator('[data-state=paired]').waitFor()
  await page.close()
}

/** The prompt's own frame, once it shows a hold or the state of the link. */
export async function promptFrame(page: Page) {
  const isPrompt = (url: string) => url.startsWith(`chrome-extension://${EXTENSION_ID}/prompt.html`)
  for (;;) {
    const frame = page.frames().find((candidate) => isPrompt(candidate.url()))
    if (frame) return frame
    await page.waitForEvent('framenavigated', { predicate: (f) => isPrompt(f.url()), timeout: 0 })
  }
}
