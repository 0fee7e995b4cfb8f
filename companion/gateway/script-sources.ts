import { type Params, paramsOf, textOf } from './cdp.ts'
import type { Target } from './targets.ts'

/** Most addresses that are remembered of a target; the oldest go first. */
const MOST = 5000

/** Which addresses really gave a target its documents and scripts, and which an agent answered itself. */
export class ScriptSources {
  readonly #scripts = new WeakMap<Target, Set<string>>()
  /** With the document (its loader's id) that they belong to. */
  readonly #forged = new WeakMap<Target, Map<string, string>>()

  arm(target: Target): void {
    const { session } = target
    session.on('Network.requestWillBeSent', (event) => {
      const url = bare(textOf(paramsOf(event.request).url) ?? '')
      if (event.type !== 'Script') return
      if (isForgedRedirect(paramsOf(event.redirectResponse), url))
        this.forged(target, url, textOf(event.loaderId) ?? '')
      const scripts = this.#scripts.get(target) ?? new Set()
      this.#scripts.set(target, scripts.add(url))
      if (scripts.size > MOST) for (const oldest of scripts) return void scripts.delete(oldest)
    })
    session.on('Network.responseReceived', (event) => {
      const response = paramsOf(event.response)
      if (event.type !== 'Script' && event.type !== 'Document') return
      if (isFulfilled(response))
        this.forged(target, textOf(response.url) ?? '', textOf(event.loaderId) ?? '')
    })
    session.on('Page.frameNavigated', ({ frame }) => {
      const { parentId, loaderId } = paramsOf(frame)
      const forged = this.#forged.get(target)
      if (parentId !== undefined || !forged) return
      for (const [url, loader] of forged) if (loader !== loaderId) forged.delete(url)
    })
  }

  /** What comes from this address is the agent's, for as long as the document is there. */
  forged(target: Target, url: string, loader: string): void {
    const forged = this.#forged.get(target) ?? new Map<string, string>()
    this.#forged.set(target, forged.set(bare(url), loader))
  }

  /** The document of a frame in another process is answered to the page that holds it. */
  isForged(target: Target, url: string): boolean {
    for (let at: Target | null = target; at; at = at.parent)
      if (this.#forged.get(at)?.has(url)) return true
    return false
  }

  isScript(target: Target, url: string): boolean {
    return this.#scripts.get(target)?.has(url) === true
  }
}

/** An agent sends a script's request on to another one, by an answer of its own. The browser does the same
 * where a site is known to want https, but that is the same address. */
function isForgedRedirect(response: Params, to: string): boolean {
  const from = bare(textOf(response.url) ?? '')
  return from !== '' && isFulfilled(response) && from.replace(/^http:/, 'https:') !== to
}

/** Answered by `Fetch.fulfillRequest`: such a response comes from no host (measured on Chromium 156),
 * and from no cache either. */
function isFulfilled(response: Params): boolean {
  if (response.fromDiskCache === true || response.fromServiceWorker === true) return false
  if (response.fromPrefetchCache === true) return false
  return /^https?:/.test(textOf(response.url) ?? '') && !textOf(response.remoteIPAddress)
}

function bare(url: string): string {
  return url.replace(/#.*$/, '')
}
