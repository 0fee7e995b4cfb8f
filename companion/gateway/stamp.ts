import { randomBytes } from 'node:crypto'

/** The header by which the companion's proxy knows that a request was let go here. */
export const STAMP_HEADER = 'x-holdpoint-stamp'

/** How long a stamp is good, in ms: from the release to the proxy in the same machine. */
export const STAMP_LIFE_MS = 30_000

/** Most stamps that wait at a time; beyond it the oldest goes. */
const MOST = 10_000

/** One-time stamps for requests that were let go. A stamp is bound to a method and an address, and is
 * spent by the first request that shows it. */
export class Stamps {
  readonly #now: () => number
  readonly #open = new Map<string, { method: string; url: string; until: number }>()

  /** `now` never goes back, in ms. */
  constructor(now: () => number) {
    this.#now = now
  }

  issue(method: string, url: string): string {
    for (const [stamp, { until }] of this.#open) {
      if (until > this.#now() && this.#open.size < MOST) break
      this.#open.delete(stamp)
    }
    const stamp = randomBytes(24).toString('base64url')
    const until = this.#now() + STAMP_LIFE_MS
    this.#open.set(stamp, { method: method.toUpperCase(), url: bare(url), until })
    return stamp
  }

  /** Whether this request was let go. The stamp is gone afterwards, whatever the answer. */
  spend(stamp: string, method: string, url: string): boolean {
    const found = this.#open.get(stamp)
    this.#open.delete(stamp)
    if (!found || found.until <= this.#now()) return false
    return found.method === method.toUpperCase() && found.url === bare(url)
  }
}

/** As it is sent: without a fragment, spelled as the URL standard does. */
function bare(url: string): string {
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  parsed.hash = ''
  return parsed.href
}
