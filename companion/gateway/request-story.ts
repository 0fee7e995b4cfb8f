import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor, RunRef } from '#shared/protocol/descriptor.ts'
import type { Found } from './cause.ts'
import { describeRequest, kindOf } from './describe-request.ts'
import { isAgentScript } from './initiator.ts'
import type { PageScripts } from './page-scripts.ts'
import { header, isSafe, methodOverride, type PausedRequest } from './paused-request.ts'
import type { Body } from './request-body.ts'
import type { Documents } from './request-documents.ts'
import type { SentRequest } from './request-join.ts'
import type { Target } from './targets.ts'

/** A request that waits to be decided about, with its sender's own word on it where there is one. */
export interface Waiting {
  paused: PausedRequest
  at: number
  target: Target
  run: RunRef
  sent: SentRequest | null
}

/** Tells what a request is about: from its own words, and from what is known of who sent it. */
export class RequestStory {
  readonly #documents: Documents
  readonly #scripts: Pick<PageScripts, 'wrote'>
  readonly #classify: (descriptor: Descriptor) => Classification

  constructor(
    documents: Documents,
    scripts: Pick<PageScripts, 'wrote'>,
    classify: (descriptor: Descriptor) => Classification,
  ) {
    this.#documents = documents
    this.#scripts = scripts
    this.#classify = classify
  }

  async describe(waiting: Waiting, body: Body, found: Found): Promise<Descriptor> {
    const { paused, target, run, sent } = waiting
    const { method, url, headers, type } = paused
    // A navigation that no input caused is the page's own, or a command of the agent.
    const own = type === 'Document' ? 'unknown' : 'page'
    const descriptor = describeRequest({
      ...{ run, method, url, body },
      provenance: found.kind === 'page' ? own : 'agent',
      page: this.#documents.pageOf(target, sent, paused),
      cause: found.kind === 'page' ? null : (found.cause?.descriptor ?? null),
      override: methodOverride(url, headers),
      kind: kindOf(type),
      contentType: header(headers, 'content-type'),
      sideEffect: isSafe(method),
    })
    const { request } = descriptor
    const reads = this.#classify(descriptor).capability === 'read'
    if (!request || !reads || isSafe(method) || body.operation !== undefined) return descriptor
    // Its address alone says that it only searches. That is the word of whoever sent it.
    if (await this.#isPages(found, sent)) return descriptor
    return { ...descriptor, request: { ...request, mutates: true } }
  }

  /** Forms are sent with the origin `null` also where a page keeps its address to itself
   * (`Referrer-Policy: no-referrer`); then it is the page's, unless another site stands in it. */
  originOf({ type, headers }: PausedRequest, { target }: SentRequest): string {
    const origin = header(headers, 'origin')
    const isOwn = origin === 'null' && type === 'Document' && !this.#documents.hasForeign(target)
    return isOwn ? '' : origin
  }

  /** Whether the page's own code sends it, as far as anybody knows. */
  async #isPages(found: Found, sent: SentRequest | null): Promise<boolean> {
    if (found.kind === 'covered') return true
    if (found.kind === 'script' || !sent || sent.chain.frames.length === 0) return false
    return !isAgentScript(sent.chain) && (await this.#scripts.wrote(sent.target, sent.chain))
  }
}
