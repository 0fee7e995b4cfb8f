import { once } from './once.ts'

/** `URL` of the WHATWG standard is in every runtime; the compiler wall of `shared/` knows neither
 * the DOM nor Node, so what is used of it is declared here. */
declare const URL: {
  new (
    text: string,
    base?: string,
  ): {
    readonly protocol: string
    readonly username: string
    readonly password: string
    readonly hostname: string
    readonly port: string
    readonly pathname: string
    readonly search: string
  }
}

/** A URL as a policy compares it. `opaque` documents (about:, blob:, data:) may be anybody's;
 * `other` is a scheme that no pattern can name. */
export type Address = WebAddress | { readonly kind: 'opaque' } | { readonly kind: 'other' }

export interface WebAddress {
  readonly kind: 'web'
  readonly scheme: 'http' | 'https'
  /** Lower case, punycode, without a trailing dot. */
  readonly host: string
  /** The host at its dots. */
  labels(): readonly string[]
  /** Empty for the scheme's default port. */
  readonly port: string
  /** Made when it is first asked for, since most rules are settled by the host. */
  path(): Path
  /** Without the question mark. */
  readonly query: string
  /** User-info, or a trailing dot on the host: legal, and never written by accident. */
  readonly odd: boolean
}

/** A path in the two spellings that patterns are compared with. */
export interface Path {
  readonly segments: readonly string[]
  /** In lower case, without the empty segment that a trailing slash leaves. */
  readonly loose: readonly string[]
  /** A server may read it differently than it is written. */
  readonly ambiguous: boolean
}

const OPAQUE = new Set(['about:', 'blob:', 'data:', 'filesystem:', 'javascript:'])

/** Parses by the URL standard, as the browser does: backslashes, user-info, letter case, IP forms,
 * dot segments and default ports are settled before anything is compared. */
export function address(text: string, base?: string): Address {
  const url = parse(text, base)
  if (url === null) return { kind: 'opaque' }
  const { protocol, hostname } = url
  if (protocol !== 'https:' && protocol !== 'http:')
    return { kind: OPAQUE.has(protocol) ? 'opaque' : 'other' }
  const dotted = hostname.endsWith('.')
  const host = dotted ? hostname.slice(0, -1) : hostname
  return {
    kind: 'web',
    scheme: protocol === 'https:' ? 'https' : 'http',
    host,
    labels: once(() => host.split('.')),
    port: url.port,
    path: once(() => pathOf(url.pathname)),
    query: url.search.slice(1),
    odd: dotted || url.username !== '' || url.password !== '',
  }
}

function parse(text: string, base: string | undefined) {
  try {
    return new URL(text, base)
  } catch {
    // An address that does not parse is nobody's: allow rules miss it, deny and hold rules match.
    return null
  }
}

export function pathOf(path: string): Path {
  const spelled = segments(path)
  const lower = spelled.map((segment) => segment.toLowerCase())
  const loose = lower[lower.length - 1] === '' ? lower.slice(0, -1) : lower
  return { segments: spelled, loose, ambiguous: ambiguous(path) }
}

/** Path segments in one spelling: escapes of plain characters decoded, the others in upper case,
 * doubled slashes merged, since servers do the same before they route. */
function segments(path: string): string[] {
  const merged = path.replace(/\/{2,}/g, '/').slice(1)
  return merged.includes('%')
    ? merged.replace(/%[0-9a-f]{2}/gi, decoded).split('/')
    : merged.split('/')
}

function decoded(triplet: string): string {
  const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16))
  return /[A-Za-z0-9\-._~]/.test(character) ? character : triplet.toUpperCase()
}

/** True where a server may read the path differently than it is written: an encoded slash,
 * backslash or NUL, a twice encoded dot, `..;` as Java servers take it. */
function ambiguous(path: string): boolean {
  return /%(25)*(2f|5c|00)|%25(25)*2e|(^|\/)\.{1,2};/i.test(path)
}
