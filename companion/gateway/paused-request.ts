import { type Params, paramsOf, textOf } from './cdp.ts'

/** A request that the browser has paused (`Fetch.requestPaused`, request stage). */
export interface PausedRequest {
  /** For `Fetch.continueRequest` and its like. */
  id: string
  /** The same as `Network.requestWillBeSent.requestId` of the target that sent it; undefined for what a
   * page sends while it is being left, and for a target's first document. */
  network: string | undefined
  /** How many redirects came before. */
  hop: number
  /** Of the page or frame; of a worker its target id, or the frame that made it. */
  frame: string
  type: string
  method: string
  /** Without a fragment. */
  url: string
  headers: Readonly<Record<string, string>>
  post: Params
}

export function pausedRequest(params: Params): PausedRequest {
  const request = paramsOf(params.request)
  const id = textOf(params.requestId) ?? ''
  return {
    id,
    network: textOf(params.networkId),
    hop: params.redirectedRequestId === undefined ? 0 : Number(/\.(\d+)$/.exec(id)?.[1] ?? 1),
    frame: textOf(params.frameId) ?? '',
    type: textOf(params.resourceType) ?? '',
    method: (textOf(request.method) ?? '').toUpperCase(),
    url: textOf(request.url) ?? '',
    headers: headersOf(request.headers),
    post: request,
  }
}

/** The body as the browser gives it: all of it, except files on disk, which it sends by itself. */
export function bodyOf({ post }: PausedRequest): { body: Buffer; partial: boolean } {
  const entries = Array.isArray(post.postDataEntries) ? post.postDataEntries : []
  const parts = entries.map((entry) => textOf(paramsOf(entry).bytes))
  const known = parts.flatMap((bytes) =>
    bytes === undefined ? [] : [Buffer.from(bytes, 'base64')],
  )
  const partial = known.length < parts.length || (post.hasPostData === true && parts.length === 0)
  return { body: Buffer.concat(known), partial }
}

export function header(headers: Readonly<Record<string, string>>, name: string): string {
  const found = Object.keys(headers).find((one) => one.toLowerCase() === name)
  return found === undefined ? '' : (headers[found] ?? '')
}

export function headersOf(value: unknown): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, text] of Object.entries(paramsOf(value)))
    if (typeof text === 'string') found[name] = text
  return found
}

/** A method that stands in for the request's own, as many server frameworks take it: from a header
 * (Express, Rails, ASP.NET, Spring) or a parameter (`_method`). */
export function methodOverride(url: string, headers: Readonly<Record<string, string>>): string {
  for (const name of OVERRIDES) {
    const value = header(headers, name)
    if (value !== '') return value.toUpperCase()
  }
  const at = url.indexOf('?')
  // Escapes are decoded, as the frameworks do it.
  const parameter = at < 0 ? null : new URLSearchParams(url.slice(at)).get('_method')
  return (parameter ?? '').toUpperCase()
}

const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override']

/** Methods that ask for nothing to change (RFC 9110, 9.2.1). */
export function isSafe(method: string): boolean {
  return /^(?:GET|HEAD|OPTIONS|TRACE)$/i.test(method)
}

/** Whether it has to be decided about. Nothing is parsed here that most requests have not got. */
export function isMutating(
  request: { method: string; url: string; headers: Readonly<Record<string, string>> },
  sideEffects: (url: string) => boolean,
): boolean {
  if (!isSafe(request.method)) return true
  if (methodOverride(request.url, request.headers) !== '') return true
  if (/[?&]query=[^&]*mutation/i.test(request.url)) return true
  return request.method !== 'OPTIONS' && sideEffects(request.url)
}
