import { numberOf, type Params, paramsOf, textOf } from './cdp.ts'

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

/** The answer to a request that was continued with `interceptResponse`. */
export interface PausedAnswer {
  id: string
  /** Undefined where there was no answer. */
  status: number | undefined
  /** Why there was none, in Chromium's words. */
  error: string | undefined
}

/** Null for a request that is on its way out. */
export function pausedAnswer(params: Params): PausedAnswer | null {
  const status = numberOf(params.responseStatusCode)
  const error = textOf(params.responseErrorReason)
  if (status === undefined && error === undefined) return null
  return { id: textOf(params.requestId) ?? '', status, error }
}

/** For what is said about a paused request: the page gave it up, or the browser ended, so there is
 * nothing left to let go or to fail. */
export function ignoreGone(report: (error: unknown) => void) {
  return (error: unknown) => {
    if (!/Invalid InterceptionId|has ended/.test(String(error))) report(error)
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
  for (const [name, value] of Object.entries(headers)) {
    // Servers behind CGI and its heirs take an underscore for a hyphen.
    const plain = name.toLowerCase().replaceAll('_', '-')
    if (OVERRIDES.includes(plain) && value !== '') return value.toUpperCase()
  }
  const at = url.indexOf('?')
  // Escapes are decoded, as the frameworks do it.
  const parameter = at < 0 ? null : new URLSearchParams(url.slice(at)).get('_method')
  return (parameter ?? '').toUpperCase()
}

const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override']

/** Methods that ask for nothing to change (RFC 9110, 9.2.1). TRACE is none of them here: its answer
 * repeats the cookies that no script may read. Only an agent's `Fetch` can send one. */
export function isSafe(method: string): boolean {
  return /^(?:GET|HEAD|OPTIONS)$/i.test(method)
}

/** Whether it has to be decided about. Nothing is parsed here that most requests have not got. */
export function isMutating(
  request: Pick<PausedRequest, 'method' | 'url' | 'headers'> & { post?: Params },
  sideEffects: (url: string) => boolean,
): boolean {
  // No page can give a GET a body; an agent's `Fetch` can.
  if (!isSafe(request.method) || request.post?.hasPostData === true) return true
  if (methodOverride(request.url, request.headers) !== '') return true
  if (isMutationQuery(request.url)) return true
  return request.method !== 'OPTIONS' && sideEffects(request.url)
}

/** A GraphQL mutation in the address, in whatever spelling a server decodes. */
function isMutationQuery(url: string): boolean {
  const at = url.indexOf('?')
  if (at < 0 || !/mutation|%/i.test(url)) return false
  return new URLSearchParams(url.slice(at)).getAll('query').some((text) => /mutation/i.test(text))
}
