import { numberOf, paramsOf, type Session, textOf } from '#companion/gateway/cdp.ts'

/** Methods that only look. */
const LOOKING = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Quiet for this long, in ms, is settled. */
const QUIET_MS = 250

/** A page that never comes to rest (it polls, it streams) is let be after this long, in ms. */
const SETTLE_MS = 5000

/** Connections that stay open by their nature. */
const STREAMS = new Set(['EventSource', 'WebSocket', 'Ping', 'Media'])

/** What a page has under way at the network, and what became of it. */
export class PageTraffic {
  readonly #open = new Map<string, { method: string; url: string }>()
  #lastMoved = performance.now()
  #refused: string[] = []

  constructor(session: Session) {
    const moved = () => {
      this.#lastMoved = performance.now()
    }
    session.on('Network.requestWillBeSent', ({ requestId, request, type }) => {
      if (STREAMS.has(textOf(type) ?? '')) return
      const { method, url } = paramsOf(request)
      this.#open.set(textOf(requestId) ?? '', {
        method: textOf(method) ?? '',
        url: textOf(url) ?? '',
      })
      moved()
    })
    session.on('Network.responseReceived', ({ requestId, response }) => {
      const status = numberOf(paramsOf(response).status) ?? 0
      if (status >= 400) this.#wrong(textOf(requestId), `answered ${status} to`)
    })
    session.on('Network.loadingFinished', ({ requestId }) => {
      this.#open.delete(textOf(requestId) ?? '')
      moved()
    })
    session.on('Network.loadingFailed', ({ requestId, errorText, canceled }) => {
      if (canceled !== true) this.#wrong(textOf(requestId), `failed (${textOf(errorText)}):`)
      this.#open.delete(textOf(requestId) ?? '')
      moved()
    })
  }

  /** Resolves once nothing has moved for a moment. */
  async settled(): Promise<void> {
    const start = performance.now()
    const from = () => performance.now() - Math.max(this.#lastMoved, start)
    while (this.#open.size > 0 || from() < QUIET_MS) {
      if (performance.now() - start > SETTLE_MS) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** What the site refused to change since the last call, in words; null where nothing. */
  refused(): string | null {
    const [first] = this.#refused.splice(0)
    return first ?? null
  }

  #wrong(id: string | undefined, what: string): void {
    const request = this.#open.get(id ?? '')
    if (request && !LOOKING.has(request.method))
      this.#refused.push(`the site ${what} ${request.method} ${request.url.slice(0, 200)}`)
  }
}
