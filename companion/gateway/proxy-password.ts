import { type Params, paramsOf, textOf } from './cdp.ts'
import type { Pipe } from './pipe.ts'
import type { Target, Targets } from './targets.ts'
import { within } from './within.ts'

/** What the companion's forward proxy asks of whoever uses it. */
export interface ProxyPassword {
  /** As Chromium writes it in a challenge: `http://127.0.0.1:PORT`. */
  readonly origin: string
  readonly username: string
  readonly password: string
  /** An address that the proxy answers by itself, with no content. */
  readonly hello: string
}

/** How long a new context may take to be introduced, in ms, before its page runs without. */
const INTRODUCED_MS = 5_000

/** Introduces each browser context to the proxy before its first page runs: a hidden page, of which no
 * agent hears, goes to `hello` and is given the password. Chromium then sends it by itself, for all pages,
 * workers and WebSockets of that context.
 *
 * A page of its own, because whoever takes on the challenges of a page or of the browser takes on those
 * of servers, too, and an agent's `Fetch` is asked no more. And before any other, because `Fetch` tells of
 * a challenge only for requests that it pauses: a context that began with an image or a WebSocket would be
 * refused it (both measured on Chromium 156). */
export class Introductions {
  readonly #pipe: Pipe
  readonly #targets: Targets
  readonly #proxy: ProxyPassword
  /** By browser context: whether it was introduced. */
  readonly #known = new Map<string, Promise<boolean>>()

  constructor(pipe: Pipe, targets: Targets, proxy: ProxyPassword) {
    this.#pipe = pipe
    this.#targets = targets
    this.#proxy = proxy
  }

  /** Resolves once the target's context is known to the proxy. Where that fails its requests do, and the
   * next page's opening is the next attempt. */
  async ready({ type, browserContextId: context }: Target): Promise<void> {
    if (type !== 'page') return
    const known = this.#known.get(context) ?? this.#introduce(context)
    this.#known.set(context, known)
    if (!(await known)) this.#known.delete(context)
  }

  async #introduce(browserContextId: string): Promise<boolean> {
    const page = { url: 'about:blank', browserContextId, hidden: true }
    const made = await within(INTRODUCED_MS, this.#pipe.call('Target.createTarget', page))
    const targetId = textOf(made?.targetId)
    if (targetId === undefined) return false // the context has gone
    const greeted = await within(INTRODUCED_MS, this.#greet(targetId))
    await within(INTRODUCED_MS, this.#pipe.call('Target.closeTarget', { targetId }))
    return greeted === true
  }

  async #greet(targetId: string): Promise<boolean> {
    const session = (await this.#targets.running(targetId))?.session
    if (!session) return false
    let asked = false
    const answer = (method: string, params: Params) =>
      void session.call(method, params).catch(() => undefined) // the page has gone: so has its request
    session.on('Fetch.requestPaused', ({ requestId }) =>
      answer('Fetch.continueRequest', { requestId }),
    )
    session.on('Fetch.authRequired', ({ requestId, authChallenge }) => {
      asked = isOf(this.#proxy, paramsOf(authChallenge))
      answer('Fetch.continueWithAuth', { requestId, authChallengeResponse: this.#said(asked) })
    })
    const patterns = [{ urlPattern: this.#proxy.hello }]
    await session.call('Fetch.enable', { handleAuthRequests: true, patterns })
    // Settled once it is answered.
    await session.call('Page.navigate', { url: this.#proxy.hello })
    return asked
  }

  #said(asked: boolean): Params {
    const { username, password } = this.#proxy
    return asked
      ? { response: 'ProvideCredentials', username, password }
      : { response: 'CancelAuth' }
  }
}

/** The source is Chromium's own word, and the proxy's port this process's own. */
function isOf(proxy: ProxyPassword, { source, origin }: Params): boolean {
  return source === 'Proxy' && origin === proxy.origin
}
