import type { Descriptor, HttpRequest } from '#shared/protocol/descriptor.ts'
import type { Evidence } from '#shared/protocol/link.ts'

/** How long after its release a gesture's request may begin, in ms. */
export const RELEASED_MS = 3000

/** How long after a passed click a request still counts as the click's own, in ms. */
export const PASSED_MS = 1000

/** How long a claimed request may take to answer, in ms. */
export const ANSWER_MS = 30_000

/** How long requests are remembered, so that one that began before its release was heard of is found. */
const MEMORY_MS = 5000

/** One request as the browser reports it. Times are ms since the epoch. */
export interface SeenRequest {
  id: string
  tab: number
  frame: number
  type: string
  method: string
  url: string
  at: number
}

/** A gesture that was let go. `leadsTo` is the address of a plain link, whose GET proves it. */
export interface ReleasedGesture {
  audit: string
  tab: number
  frame: number
  at: number
  leadsTo?: string | undefined
}

interface PassedGesture {
  tab: number
  frame: number
  at: number
  descriptor: Descriptor
}

type End = { status: number } | { error: string }

interface Open extends ReleasedGesture {
  claimed: SeenRequest | null
}

interface OutcomeEnds {
  report(audit: string, evidence: Evidence): void
  miss(descriptor: Descriptor, request: HttpRequest): void
  /** Calls `run` after `ms`. */
  later(ms: number, run: () => void): void
}

/** Matches what the network did to the gestures that caused it, by tab, frame and time. */
export function createOutcomes(ends: OutcomeEnds) {
  let requests: (SeenRequest & { end: End | null; taken: boolean })[] = []
  let releases: Open[] = []
  let passes: PassedGesture[] = []

  function began(request: SeenRequest): void {
    requests = requests.filter((seen) => seen.at > request.at - MEMORY_MS || !seen.end)
    const seen = { ...request, end: null, taken: false }
    requests.push(seen)
    for (const release of releases) if (claim(release, seen)) return
    attribute(seen)
  }

  function ended(id: string, end: End): void {
    const seen = requests.find((request) => request.id === id)
    if (!seen) return
    seen.end = end
    const release = releases.find(({ claimed }) => claimed?.id === id)
    if (release) report(release, evidence(seen, end))
  }

  function released(gesture: ReleasedGesture): void {
    const release: Open = { ...gesture, claimed: null }
    releases.push(release)
    ends.later(RELEASED_MS, () => {
      if (!release.claimed) report(release, { outcome: 'unknown' })
    })
    for (const seen of requests) {
      if (!claim(release, seen)) continue
      if (seen.end) report(release, evidence(seen, seen.end))
      return
    }
  }

  function claim(release: Open, seen: (typeof requests)[number]): boolean {
    if (release.claimed || seen.taken || !follows(release, seen, RELEASED_MS)) return false
    if (!mutating(seen) && !leadsThere(seen, release.leadsTo)) return false
    release.claimed = seen
    seen.taken = true
    ends.later(ANSWER_MS, () =>
      report(release, { ...about(seen), outcome: 'unknown', error: 'no answer in time' }),
    )
    return true
  }

  function report(release: Open, evidence: Evidence): void {
    if (!releases.includes(release)) return
    releases = releases.filter((open) => open !== release)
    ends.report(release.audit, evidence)
  }

  function passed(gesture: PassedGesture): void {
    passes = passes.filter((pass) => pass.at > gesture.at - MEMORY_MS)
    passes.push(gesture)
    for (const seen of requests) attribute(seen)
  }

  /** A mutating request belongs to the last gesture that passed before it. */
  function attribute(seen: (typeof requests)[number]): void {
    if (seen.taken || !mutating(seen) || isTelemetry(seen)) return
    const pass = passes.findLast(
      (candidate) => follows(candidate, seen, PASSED_MS) && !leftBetween(candidate, seen),
    )
    if (!pass || wasKnown(pass.descriptor, seen)) return
    seen.taken = true
    passes = passes.filter((other) => other !== pass)
    ends.miss(pass.descriptor, httpRequest(seen))
  }

  /** The gesture's page was left before the request began: the request is the next page's doing. */
  function leftBetween(pass: PassedGesture, seen: SeenRequest): boolean {
    return requests.some(
      ({ type, tab, at }) =>
        type === 'main_frame' && tab === seen.tab && at >= pass.at && at < seen.at,
    )
  }

  return { began, ended, released, passed, open: () => releases.map((release) => release.audit) }
}

function follows(
  gesture: { tab: number; frame: number; at: number },
  seen: SeenRequest,
  within: number,
): boolean {
  if (seen.tab !== gesture.tab || seen.at < gesture.at || seen.at > gesture.at + within)
    return false
  return seen.frame === gesture.frame || isNavigation(seen)
}

/** A plain link's own request; a download has the type `other`. */
function leadsThere(seen: SeenRequest, url: string | undefined): boolean {
  return (isNavigation(seen) || seen.type === 'other') && sameUrl(seen.url, url)
}

function isNavigation(seen: SeenRequest): boolean {
  return seen.type === 'main_frame' || seen.type === 'sub_frame'
}

function mutating(seen: SeenRequest): boolean {
  return !/^(?:GET|HEAD|OPTIONS|TRACE)$/i.test(seen.method)
}

/** Background noise by its own kind or address: it says nothing about the click before it. */
function isTelemetry(seen: SeenRequest): boolean {
  if (seen.type === 'ping' || seen.type === 'beacon' || seen.type === 'csp_report') return true
  return /\/(?:beacon|collect|telemetry|analytics|metrics|rum|envelope)(?:[/?]|$)/i.test(seen.url)
}

/** The classifier saw this very request coming and still said `read`: a search form that posts. */
function wasKnown(descriptor: Descriptor, seen: SeenRequest): boolean {
  return descriptor.form?.method === 'post' && sameUrl(seen.url, descriptor.form.action)
}

function sameUrl(a: string, b: string | undefined): boolean {
  const bare = (url: string) => url.replace(/#.*$/, '')
  return b !== undefined && bare(a) === bare(b)
}

function evidence(seen: SeenRequest, end: End): Evidence {
  if ('error' in end) return { ...about(seen), outcome: 'failed', error: end.error }
  return { ...about(seen), outcome: end.status < 400 ? 'done' : 'failed', status: end.status }
}

function about(seen: SeenRequest): { request: HttpRequest } {
  return { request: httpRequest(seen) }
}

function httpRequest(seen: SeenRequest): HttpRequest {
  return { method: seen.method.toUpperCase(), url: seen.url.slice(0, 8192), kind: seen.type }
}
