import type { Clock } from '#companion/core/ports.ts'
import { type Params, paramsOf, textOf } from './cdp.ts'
import { type Chain, chainOf } from './initiator.ts'
import { bodyOf, header, headersOf, type PausedRequest } from './paused-request.ts'
import type { Target } from './targets.ts'

/** A request as the target that sent it tells of it (`Network.requestWillBeSent`), before an agent's
 * own `Fetch` could change it. */
export interface SentRequest {
  target: Target
  id: string
  method: string
  url: string
  frame: string
  loader: string
  type: string
  /** Address of the document that asked for it. */
  document: string
  chain: Chain
  headers: Readonly<Record<string, string>>
  postData: string | undefined
  hasPostData: boolean
  /** When it was heard of, on the monotonic clock. */
  at: number
}

/** For `Network.enable`, in bytes. A body beyond the first is asked for; one beyond the second is not
 * known any more (measured: Chromium keeps bodies in the buffers that are meant for answers), so what
 * sends it is covered by no input. */
export const NETWORK = {
  maxPostDataSize: 65_536,
  maxResourceBufferSize: 5_000_000,
  maxTotalBufferSize: 20_000_000,
}

/** How long a target's word is waited for, in ms. The two events come over different ways. */
const WORD_MS = 500

/** The same for a request that names no id of the target's: most of them never get a word. */
const NO_ID_MS = 120

/** How long a service worker may take to send a page's request on, in ms. */
const BEHIND_MS = 10_000

/** Most requests that are remembered; the oldest go first. */
const MOST = 3000

/** Finds out who sent a paused request. The browser's `networkId` is the target's own id of the request,
 * also after an agent's `page.route` has changed everything else about it. */
export class RequestJoin {
  readonly #clock: Clock
  /** By id, one entry for each hop. */
  readonly #sent = new Map<string, SentRequest[]>()
  readonly #waiting = new Set<() => void>()
  readonly #failed = new Map<string, Set<() => void>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  arm(target: Target): void {
    const { session } = target
    session.on('Network.requestWillBeSent', (event) => this.#take(target, event))
    session.on('Network.loadingFailed', ({ requestId }) => {
      const id = textOf(requestId) ?? ''
      const runs = this.#failed.get(id)
      this.#failed.delete(id)
      if (runs) for (const run of runs) run()
    })
  }

  /** Null where no target owns up to the request in time. */
  find(paused: PausedRequest): Promise<SentRequest | null> {
    const now = this.#look(paused)
    if (now) return Promise.resolve(now)
    return new Promise((resolve) => {
      const look = () => {
        const found = this.#look(paused)
        if (found) end(found)
      }
      const end = (found: SentRequest | null) => {
        cancel()
        this.#waiting.delete(look)
        resolve(found)
      }
      const ms = paused.network === undefined ? NO_ID_MS : WORD_MS
      const cancel = this.#clock.after(ms, () => end(null))
      this.#waiting.add(look)
    })
  }

  /** The page's own request behind one that its service worker sends on: the same method and address. */
  behind(sent: SentRequest): SentRequest | null {
    const same = [...this.#sent.values()]
      .flat()
      .filter(
        (one) =>
          !/worker/.test(one.target.type) &&
          one.target.browserContextId === sent.target.browserContextId &&
          one.at > sent.at - BEHIND_MS &&
          one.method === sent.method &&
          one.url === sent.url,
      )
    return same.at(-1) ?? null
  }

  /** Calls `run` when the browser gives the request up: the page aborted it. */
  onFailed(network: string, run: () => void): () => void {
    const runs = this.#failed.get(network) ?? new Set()
    this.#failed.set(network, runs.add(run))
    return () => {
      runs.delete(run)
      if (runs.size === 0) this.#failed.delete(network)
    }
  }

  #take(target: Target, event: Params): void {
    const sent = sentRequest(target, event, this.#clock.monotonic())
    const hops = event.redirectResponse === undefined ? [] : (this.#sent.get(sent.id) ?? [])
    this.#sent.delete(sent.id)
    this.#sent.set(sent.id, [...hops, sent])
    if (this.#sent.size > MOST)
      for (const oldest of this.#sent.keys()) {
        this.#sent.delete(oldest)
        break
      }
    for (const look of [...this.#waiting]) look()
  }

  #look(paused: PausedRequest): SentRequest | null {
    if (paused.network !== undefined) return this.#sent.get(paused.network)?.[paused.hop] ?? null
    for (const hops of [...this.#sent.values()].reverse().slice(0, 20)) {
      const last = hops.at(-1)
      if (last && last.frame === paused.frame && last.method === paused.method)
        if (last.url === paused.url && last.id.includes('.') === false) return last
    }
    return null
  }
}

/** How long a target is asked for a body, in ms: one that has not started yet never answers. */
const BODY_MS = 1000

/** Whether what leaves the browser is what its sender sent: an agent's `page.route` comes in between. */
export async function isAsSent(
  paused: PausedRequest,
  sent: SentRequest,
  clock: Clock,
): Promise<boolean> {
  if (paused.method !== sent.method || paused.url !== sent.url) return false
  if (!hasItsHeaders(paused, sent)) return false
  const { body } = bodyOf(paused)
  if (!sent.hasPostData) return body.length === 0
  if (sent.postData !== undefined && body.equals(Buffer.from(sent.postData))) return true
  // A form without fields has a body of no bytes, of which the browser gives neither side.
  if (body.length === 0 && sent.postData === undefined && paused.type === 'Document') return true
  const whole = await new Promise<Params>((resolve) => {
    const cancel = clock.after(BODY_MS, () => resolve({}))
    sent.target.session
      .call('Network.getRequestPostData', { requestId: sent.id })
      .then(resolve, () => resolve({})) // it has gone, or does not know: not known to be the same
      .finally(cancel)
  })
  const text = textOf(whole.postData)
  const encoding = whole.base64Encoded === true ? 'base64' : 'utf8'
  return text !== undefined && body.equals(Buffer.from(text, encoding))
}

/** Headers by which a request says what it is and for whom. Others the browser adds on the way, so they
 * are not compared. The type of a form is not told by its sender. */
function hasItsHeaders(paused: PausedRequest, sent: SentRequest): boolean {
  return Object.entries(paused.headers).every(([name, value]) => {
    const said = header(sent.headers, name.toLowerCase())
    if (/^content-type$/i.test(name)) return said === '' || said === value
    const telling = /^(?:x[-_]|authorization$)/i.test(name) && !ADDED.test(name)
    return !telling || said === value
  })
}

/** The browser's own, for its developer tools and its maker. */
const ADDED = /^x-(?:devtools-|client-data$)/i

function sentRequest(target: Target, event: Params, at: number): SentRequest {
  const request = paramsOf(event.request)
  const url = textOf(request.url) ?? ''
  return {
    target,
    id: textOf(event.requestId) ?? '',
    method: (textOf(request.method) ?? '').toUpperCase(),
    url,
    frame: textOf(event.frameId) ?? target.id,
    loader: textOf(event.loaderId) ?? '',
    type: textOf(event.type) ?? '',
    document: textOf(event.documentURL) ?? target.url,
    chain: chainOf(paramsOf(event.initiator)),
    headers: headersOf(request.headers),
    postData: textOf(request.postData),
    hasPostData: request.hasPostData === true,
    at,
  }
}
