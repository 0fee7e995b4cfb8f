import { randomBytes } from 'node:crypto'
import type { Door } from '#companion/core/door.ts'
import type { Clock } from '#companion/core/ports.ts'
import type { HttpRequest, RunRef } from '#shared/protocol/descriptor.ts'
import type { InputCauses } from './cause.ts'
import { sameOrigin } from './cause-site.ts'
import { isParams, textOf } from './cdp.ts'
import { type Denial, denials, problemOf } from './deny-request.ts'
import { describeRequest } from './describe-request.ts'
import type { Cause } from './parts.ts'
import { header, isSafe, methodOverride } from './paused-request.ts'
import { type Body, readBody } from './request-body.ts'
import { type RequestWaits, TOO_LATE } from './request-waits.ts'
import type { Target, Targets } from './targets.ts'

/** What left the browser without the gateway's leave: the companion's proxy asks about it. */
export interface Unstamped {
  readonly kind: 'request' | 'websocket' | 'frame'
  /** `GET` for a WebSocket and its frames. */
  readonly method: string
  /** Absolute, without fragment; `ws:` or `wss:` for a WebSocket and its frames. */
  readonly url: string
  /** Names in lower case. For a frame: those of its WebSocket. */
  readonly headers: Readonly<Record<string, string>>
  /** Null where it is too large to be read. */
  readonly body: Uint8Array | null
  /** The frame, where it is text. */
  readonly text?: string
}

/** 204 keeps a page and what was typed into it where a navigation is refused. */
export type Judged = { go: true } | { go: false; status: number; reason: string }

interface UnstampedOptions {
  targets: Targets
  causes: InputCauses
  waits: RequestWaits
  doorOf(run: RunRef): Door
  runOf(browserContextId: string): RunRef | null
  /** Resolves at once, or when the run is no longer paused; also when it has ended. */
  ready(run: RunRef): Promise<void>
  clock: Clock
}

/** Most WebSockets and frames that are remembered as let go. */
const MOST = 1000

/** Decides what comes to the proxy without a stamp: from a service worker's cold start, from a page that
 * is being closed, a WebSocket. Nothing of it is known but itself, so no input covers a request; it is
 * put to the door under the run whose page it most likely came from. */
export class UnstampedHold {
  readonly #options: UnstampedOptions
  /** WebSockets by address, and heartbeats by their text, that were let go in a run. */
  readonly #passed = new Set<string>()

  constructor(options: UnstampedOptions) {
    this.#options = options
  }

  async judge(request: Unstamped, signal: AbortSignal): Promise<Judged> {
    const at = this.#options.clock.monotonic()
    const page = this.#pageOf(request)
    const run = this.#runOf(page)
    if (!run) return refused('it belongs to no run, so nobody can be asked about it')
    const body = bodyOf(request)
    const key = JSON.stringify([run.id, request.kind, address(request.url), body.digest ?? ''])
    const isSocket = request.kind !== 'request'
    if (isSocket && this.#passed.has(key)) return { go: true }
    const method = request.kind === 'frame' ? 'SEND' : request.method
    const cause =
      request.kind === 'frame' ? this.#options.causes.speak(request.url, body.digest, at) : null
    if (cause) return await this.#covered(cause, run, { ...request, method }, body, signal)
    const fate = await this.#options.waits.settle({
      run,
      descriptor: describeRequest({
        ...{ run, method, body, provenance: 'page' },
        page: pageFacts(request, page),
        cause: null,
        override: methodOverride(request.url, request.headers),
        url: request.url,
        kind: isSocket ? 'websocket' : 'unknown',
        contentType: isSocket ? '' : header(request.headers, 'content-type'),
        // A WebSocket can say anything once it is open. And of a POST to a search nobody knows whether
        // the page or an agent's script has sent it.
        sideEffect: isSafe(method) || method === 'POST',
      }),
      repeat: { run: run.id, provenance: 'agent', method, url: request.url, digest: body.digest },
      patience: null,
      gone: signal,
    })
    if (fate.state === 'go') {
      if (!(await this.#mayGo(run, signal))) {
        await this.#options.doorOf(run).outcome(fate.audit, TOO_LATE)
        return refused('its sender has gone')
      }
      if (request.kind === 'websocket' || isHeartbeat(request.text ?? '')) this.#remember(key)
      return { go: true }
    }
    return fate.state === 'gone' ? refused('its sender has gone') : denied(request, fate.denial)
  }

  async #covered(
    cause: Cause,
    run: RunRef,
    said: Unstamped,
    body: Body,
    signal: AbortSignal,
  ): Promise<Judged> {
    const { digest, operation } = body
    const request: HttpRequest = {
      ...{ method: said.method, url: said.url.slice(0, 8192), kind: 'websocket' },
      ...(digest !== undefined && { bodyDigest: digest }),
      ...(operation !== undefined && { operation: operation.slice(0, 500) }),
    }
    if (!(await this.#mayGo(run, signal))) return refused('its sender has gone')
    const door = this.#options.doorOf(run)
    const entry = await door.covered({ audit: cause.audit, request, rule: 'moment' })
    return entry === null ? denied(said, denials.unrecorded) : { go: true }
  }

  /** Nothing goes out while the run is paused, nor after it has ended. */
  async #mayGo(run: RunRef, gone: AbortSignal): Promise<boolean> {
    const { ready, targets, runOf } = this.#options
    await ready(run)
    const contexts = targets.all().map(({ browserContextId }) => browserContextId)
    return !gone.aborted && contexts.some((context) => runOf(context)?.id === run.id)
  }

  #remember(key: string): void {
    this.#passed.add(key)
    if (this.#passed.size > MOST)
      for (const oldest of this.#passed) return void this.#passed.delete(oldest)
  }

  /** The page that most likely sent it: it says where it comes from, which a page cannot forge. */
  #pageOf({ headers }: Unstamped): Target | null {
    const from = header(headers, 'referer') || header(headers, 'origin')
    const pages = this.#options.targets.all().filter(({ type }) => type === 'page')
    return (
      pages.find(({ url }) => url === from) ??
      pages.find(({ url }) => sameOrigin(url, from)) ??
      null
    )
  }

  /** Null where no run is left. */
  #runOf(page: Target | null): RunRef | null {
    const { causes, targets, runOf } = this.#options
    const own = page && runOf(page.browserContextId)
    if (own) return own
    const latest = causes.latest()
    const acting = latest && runOf(latest.target.browserContextId)
    if (acting) return acting
    for (const target of targets.all()) {
      const run = runOf(target.browserContextId)
      if (run) return run
    }
    return null
  }
}

function bodyOf(request: Unstamped): Body {
  if (request.kind === 'frame' && request.text !== undefined) {
    const frame = readBody({
      ...{ method: 'SEND', url: request.url, contentType: 'text/plain', partial: false },
      body: Buffer.from(request.text),
    })
    return { ...frame, operation: frame.operation ?? frameOperation(request.text) }
  }
  const body = request.kind === 'websocket' ? new Uint8Array() : request.body
  const read = readBody({
    ...{ method: request.method, url: request.url, partial: body === null },
    contentType:
      request.kind === 'frame'
        ? 'application/octet-stream'
        : header(request.headers, 'content-type'),
    body: Buffer.from(body ?? []),
  })
  // What cannot be read is like nothing else: it is asked about each time.
  if (body !== null) return read
  return { ...read, digest: randomBytes(32).toString('hex') }
}

/** What a frame calls itself, as most protocols over WebSockets do. */
function frameOperation(text: string): string | undefined {
  if (!/^\s*\{/.test(text) || text.length > 100_000) return undefined
  try {
    const frame: unknown = JSON.parse(text)
    if (!isParams(frame)) return undefined
    const names = [frame.type, frame.event, frame.action, frame.op, frame.method, frame.command]
    const name = names.map(textOf).find((one) => one !== undefined && one !== '')
    return name === undefined ? undefined : `frame ${name.slice(0, 100)}`
  } catch {
    // Not JSON: shown as text.
    return undefined
  }
}

/** Says nothing but that somebody is there; any other message is an effect each time it is sent. */
function isHeartbeat(text: string): boolean {
  if (/^(?:\d?|h|ping|pong)$/i.test(text.trim())) return true
  return text.length <= 200 && HEARTBEAT.test(frameOperation(text) ?? '')
}

const HEARTBEAT = /^frame (?:phx_)?(?:ping|pong|heartbeat|hb|keep-?alive|ka|alive)$/i

function pageFacts({ headers, url }: Unstamped, page: Target | null) {
  const from = header(headers, 'referer') || header(headers, 'origin') || url
  if (!page) return { url: from, title: '', topUrl: from, top: true }
  return { url: page.url, title: page.title, topUrl: page.url, top: true }
}

function denied({ headers }: Unstamped, denial: Denial): Judged {
  const isNavigation = header(headers, 'sec-fetch-dest') === 'document'
  return { go: false, status: isNavigation ? 204 : 403, reason: problemOf(denial).detail }
}

function refused(reason: string): Judged {
  return { go: false, status: 403, reason: `Holdpoint did not send this request: ${reason}` }
}

function address(url: string): string {
  return url.replace(/[?#].*$/, '')
}
