import type { Listener } from './cause-listeners.ts'
import type { Cause } from './parts.ts'
import type { Target } from './targets.ts'

/** Most requests that one input may cause without being asked about again. */
export const MOST_REQUESTS = 20

/** How long after its input a request may begin where its stack leads to the input, in ms. */
export const CAUSED_MS = 5000

/** The same, where nothing tells where the request came from, in ms. */
export const UNTOLD_MS = 1000

/** How long an input may take to be dispatched: a page can keep the browser from answering, in ms. */
const DISPATCH_MS = 30_000

/** One input that was let go, or is about to be, and what it covers. Times are of a clock that never
 * goes back, in ms. */
export class Grant {
  readonly target: Target
  /** Documents that were there at the press, by loader id: a later one's requests are its own. */
  readonly documents: ReadonlySet<string>
  readonly listeners: Promise<readonly Listener[]>
  cause: Cause | null = null
  letAt = 0
  sentAt: number | null = null
  readonly #covered = new Map<string, string>()
  readonly #ends: (() => void)[] = []

  constructor(
    target: Target,
    documents: ReadonlySet<string>,
    listeners: Promise<readonly Listener[]>,
  ) {
    this.target = target
    this.documents = documents
    this.listeners = listeners
  }

  /** Whether a request that began at `at` can be this input's doing, `ms` after it was dispatched. */
  reaches(at: number, ms: number): boolean {
    if (!this.cause || at < this.letAt) return false
    return this.sentAt === null ? at <= this.letAt + DISPATCH_MS : at <= this.sentAt + ms
  }

  /** `run` is called once nothing can be this input's doing any more. */
  onEnd(run: () => void): void {
    this.#ends.push(run)
  }

  end(): void {
    for (const run of this.#ends.splice(0)) run()
  }

  /** Takes one more request in. A kind of request is covered once: what comes again, with the same body
   * or another, is a second effect. */
  cover(signature: string): boolean {
    const kept = this.cause?.covers === 'form' ? 1 : MOST_REQUESTS
    if (this.#covered.has(signature) || this.#covered.size >= kept) return false
    this.#covered.set(signature, signature)
    return true
  }
}
