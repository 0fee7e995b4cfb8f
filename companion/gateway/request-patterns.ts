import type { Params } from './cdp.ts'

/** Kinds of resources that can carry a request that changes something (`Network.ResourceType`, as far as
 * `Fetch.enable` takes it: Preflight, Prefetch, WebSocket, Manifest and FedCM are refused, and are
 * paused with XHR or Other or not at all). Images, style sheets and scripts never wait; but where an
 * agent intercepts scripts by itself, it is looked at what it makes of them. */
const TYPES = ['Document', 'XHR', 'Fetch', 'Ping', 'CSPViolationReport', 'EventSource', 'Other']

/** What `Fetch` pauses: everything of those kinds, and every kind on the hosts of which the policy says
 * that a GET may change something. By host, because a path can be spelled in many ways; whether an
 * address is meant is decided once it waits. */
export function fetchPatterns(sideEffects: readonly string[], scripts = false): Params[] {
  const hosts = new Set(sideEffects.map(hostPattern))
  return [
    ...[...TYPES, ...(scripts ? ['Script'] : [])].map((resourceType) => ({
      urlPattern: '*',
      resourceType,
      requestStage: 'Request',
    })),
    ...[...hosts].map((urlPattern) => ({ urlPattern, requestStage: 'Request' })),
  ]
}

/** `https://*.example.com:8080/x/**` as Chromium's wildcards write its host: `https://*.example.com*`.
 * It may stand for more hosts than the policy's pattern, never for fewer. */
function hostPattern(pattern: string): string {
  const [, scheme, host] = /^(https?):\/\/([^/:]+|\[[^\]]*\])/.exec(pattern) ?? []
  if (scheme === undefined || host === undefined) return '*'
  return `${scheme}://*${host
    .replace(/^(?:\*+\.)+/, '')
    .replace(/\*+/g, '*')
    .replace(/[?\\]/g, '\\$&')}*`
}
