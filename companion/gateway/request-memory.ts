import type { Provenance } from '#shared/protocol/words.ts'
import type { Denial } from './deny-request.ts'

/** One request as a run may repeat it. */
export interface Repeat {
  run: string
  provenance: Provenance
  method: string
  url: string
  digest: string | undefined
}

/** An approval that came after its request had been answered: good for one exact repeat. */
export interface Approval {
  hold: string
  ticket: string
  audit: string
}

/** Most denials and approvals that are remembered for a run. */
const MOST = 500

/** What was decided about a run's requests, so that a repeat needs no second answer. */
export class RequestMemory {
  readonly #denied = new Map<string, Denial>()
  readonly #approved = new Map<string, Approval>()

  deny(request: Repeat, denial: Denial): void {
    put(this.#denied, kindOf(request), denial)
  }

  denial(request: Repeat): Denial | undefined {
    return this.#denied.get(kindOf(request))
  }

  approve(request: Repeat, approval: Approval): void {
    put(this.#approved, exact(request), approval)
  }

  /** The approval that this very request has, once. */
  take(request: Repeat): Approval | undefined {
    const found = this.#approved.get(exact(request))
    this.#approved.delete(exact(request))
    return found
  }
}

/** The one request, to the last byte. */
export function exact({ run, provenance, method, url, digest }: Repeat): string {
  return JSON.stringify([run, provenance, method, url, digest ?? ''])
}

/** What an agent repeats has to be the same; what a page sends again and again differs in its details
 * (times, counters), and is denied by its address. */
function kindOf(request: Repeat): string {
  if (request.provenance === 'agent') return exact(request)
  const { run, method, url } = request
  return JSON.stringify([run, 'page', method, url.replace(/[?#].*$/, '')])
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > MOST)
    for (const oldest of map.keys()) {
      map.delete(oldest)
      return
    }
}
