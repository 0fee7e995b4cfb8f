/** What the practice site's server really received: the yardstick for everything that the log says. */
export interface TruthLog {
  record(request: Request, what: What, details: Details): void
  /** Whether this very request has been recorded. */
  has(request: Request): boolean
  all(): Truth
  clear(): void
}

/** In words, what a request did to the site, or what it took out of it. `rejected` changed nothing: the body was wrong, or the
 * record was gone. */
export type What =
  | 'task created'
  | 'task updated'
  | 'task done'
  | 'task reopened'
  | 'task reverted'
  | 'contact deleted'
  | 'contacts deleted'
  | 'contacts exported'
  | 'draft autosaved'
  | 'draft saved'
  | 'mail sent'
  | 'mail trashed'
  | 'mail restored'
  | 'trash emptied'
  | 'refund'
  | 'orders exported'
  | 'lab effect'
  | 'rejected'

interface Request {
  method: string
  path: string
}

export type Details = Readonly<Record<string, unknown>>

export interface Received {
  seq: number
  method: string
  path: string
  what: What
  details: Details
}

/** Oldest first, `seq` counts from 1. */
export type Truth = readonly Received[]

export function truthLog(): TruthLog {
  let received: Received[] = []
  const recorded = new WeakSet<Request>()
  return {
    record(request, what, details) {
      const { method, path } = request
      recorded.add(request)
      received.push({ seq: received.length + 1, method, path, what, details })
    },
    has: (request) => recorded.has(request),
    all: () => [...received],
    clear() {
      received = []
    },
  }
}
