import {
  type Descriptor,
  type HttpRequest,
  type RunRef,
  type Target as TargetPart,
  TEXT_LIMIT,
} from '#shared/protocol/descriptor.ts'
import type { Provenance } from '#shared/protocol/words.ts'
import type { PausedRequest } from './paused-request.ts'
import type { Body } from './request-body.ts'

/** What a request is described from. */
export interface RequestFacts {
  run: RunRef
  provenance: Provenance
  /** The document that sends it. */
  page: { url: string; title: string; topUrl: string; top: boolean }
  /** The input that caused it, where one did. */
  cause: Descriptor | null
  method: string
  /** The method that overrides it, or empty. */
  override: string
  url: string
  /** What sends it: `fetch`, `form`, `beacon`, `websocket`, ... */
  kind: string
  contentType: string
  body: Body
  /** The policy says that this GET changes something. */
  sideEffect: boolean
}

/** A request as a Descriptor: what it does is read from the request itself. */
export function describeRequest(facts: RequestFacts): Descriptor {
  const { body, page, cause } = facts
  const mutates = facts.sideEffect || facts.override !== ''
  const url = short(facts.url, 8192)
  return {
    door: 'gateway',
    run: facts.run,
    provenance: facts.provenance,
    gesture: 'request',
    page: {
      url: short(page.url, 8192),
      title: text(page.title),
      topUrl: short(page.topUrl, 8192),
      top: page.top,
    },
    target: cause?.target ?? NOTHING,
    ...(body.fields.length > 0 && {
      form: {
        method: 'post',
        action: url,
        ...(facts.contentType !== '' && { enctype: text(facts.contentType.split(';')[0] ?? '') }),
        fields: body.fields,
      },
    }),
    request: {
      method: text(facts.override || facts.method),
      url,
      kind: text(facts.kind),
      ...(body.digest !== undefined && { bodyDigest: body.digest }),
      ...(body.operation !== undefined && { operation: text(body.operation) }),
      ...(mutates && { mutates }),
      ...(body.uninspectable && { uninspectable: true }),
    },
    terms: body.terms,
  }
}

/** A request as proof of what an input did. */
export function requestOf(paused: PausedRequest, body?: Body): HttpRequest {
  return {
    method: paused.method,
    url: paused.url.slice(0, 8192),
    kind: kindOf(paused.type),
    ...(body?.digest !== undefined && { bodyDigest: body.digest }),
    ...(body?.operation !== undefined && { operation: body.operation.slice(0, 500) }),
  }
}

/** Words for what Chromium calls a resource type. */
export function kindOf(type: string): string {
  return KINDS[type] ?? type.toLowerCase()
}

const KINDS: Readonly<Record<string, string>> = {
  Document: 'navigation',
  XHR: 'fetch',
  Ping: 'beacon',
  CSPViolationReport: 'csp-report',
}

const NOTHING: TargetPart = { role: '', name: '', tag: '', path: '', hints: [] }

function text(value: string): string {
  return short(value.replace(/\s+/g, ' ').trim(), TEXT_LIMIT)
}

/** Cut where a Descriptor takes no more. Lone surrogates are no text: canonical JSON refuses them. */
function short(value: string, limit: number): string {
  const cut = value.length <= limit ? value : `${value.slice(0, limit - 2)}…`
  return cut.replace(/\p{Cs}/gu, '\uFFFD')
}
