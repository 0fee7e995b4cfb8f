import type { HttpRequest } from '#shared/protocol/descriptor.ts'
import { clip } from './clip.ts'
import { shown } from './text.ts'
import { absolute, shownUrl } from './url.ts'

/** A request as a Descriptor carries it, its address resolved against the target's document. */
export function request(of: HttpRequest, target: Element): HttpRequest {
  return {
    method: clip(of.method),
    url: shownUrl(absolute(of.url, target)),
    kind: clip(of.kind),
    ...(of.bodyDigest !== undefined && { bodyDigest: clip(of.bodyDigest) }),
    ...(of.operation !== undefined && { operation: shown(of.operation) }),
  }
}
