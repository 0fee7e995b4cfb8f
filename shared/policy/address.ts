/** `URL` of the WHATWG standard is in every runtime; the compiler wall of `shared/` knows neither
 * the DOM nor Node, so what is used of it is declared here. */
declare const URL: { new (text: string, base?: string): Parsed }

interface Parsed {
  readonly protocol: string
  readonly username: string
  readonly password: string
  readonly hostname: string
  readonly port: string
  readonly pathname: string
  readonly search: string
}

/** A URL as a policy compares it. `opaque` documents (about:, blob:, data:) may be anybody's;
 * `other` is a scheme that no pattern can name. */
export type Address = WebAddress | { readonly kind: 'opaque' } | { readonly kind: 'other' }

/** Only what every rule looks at is read at once: most rules are settled by the host. */
export class WebAddress {
  readonly kind = 'web'
  readonly scheme: 'http' | 'https'
  /** Lower case, punycode, without a trailing dot. */
  readonly host: string
  /** Empty for the scheme's default port. */
  readonly port: string
  /** User-info, or a trailing dot on the host: legal, and never written by accident. */
  readonly odd: boolean
  readonly #url: Parsed
  #labels: readonly string[] | undefined
  #path: Path | undefined

  constructor(url: Parsed, scheme: 'http' | 'https') {
    const { hostname } = url
    const dotted = hostname.endsWith('.')
    this.scheme = scheme
    this.host = dotted ? hostname.slice(0, -1) : hostname
    this.port = url.port
    this.odd = dotted || url.username !== '' || url.password !== ''
    this.#url = url
  }

  /** The host at its dots. */
  labels(): readonly string[] {
    this.#labels ??= this.host.split('.')
    return this.#labels
  }

  path(): Path {
    this.#path ??= new Path(this.#url.pathname)
    return this.#path
  }

  /** Without the question mark. */
  query(): string {
    return this.#url.search.slice(1)
  }
}

/** A path in the two spellings that patterns are compared with. */
export class Path {
  /** Escapes of plain characters decoded, the others in upper case, doubled slashes merged, since
   * servers do the same before they route. */
  readonly exact: Spelling
  /** A server may read it differently than it is written. */
  readonly ambiguous: boolean
  #loose: Spelling | undefined

  constructor(path: string) {
    const plain = !UNPLAIN.test(path)
    this.exact = new Spelling(plain ? path : spelled(path))
    this.ambiguous = !plain && AMBIGUOUS.test(path)
  }

  /** In lower case, without a slash at the end. */
  loose(): Spelling {
    if (this.#loose === undefined) {
      const lower = this.exact.text.toLowerCase()
      this.#loose = new Spelling(lower.endsWith('/') ? lower.slice(0, -1) : lower)
    }
    return this.#loose
  }
}

/** One spelling of a path, as a whole and at its slashes. */
export class Spelling {
  readonly text: string
  #segments: readonly string[] | undefined

  constructor(text: string) {
    this.text = text
  }

  segments(): readonly string[] {
    this.#segments ??= this.text === '' ? [] : this.text.slice(1).split('/')
    return this.#segments
  }
}

/** What may need another spelling, or may be read in more than one way. */
const UNPLAIN = /[%;]|\/\//

/** An encoded slash, backslash or NUL, a twice encoded dot, `..;` as Java servers take it. */
const AMBIGUOUS = /%(25)*(2f|5c|00)|%25(25)*2e|(^|\/)\.{1,2};/i

const OPAQUE = new Set(['about:', 'blob:', 'data:', 'filesystem:', 'javascript:'])

/** Parses by the URL standard, as the browser does: backslashes, user-info, letter case, IP forms,
 * dot segments and default ports are settled before anything is compared. */
export function address(text: string, base?: string): Address {
  const url = parse(text, base)
  if (url === null) return { kind: 'opaque' }
  const { protocol } = url
  if (protocol === 'https:') return new WebAddress(url, 'https')
  if (protocol === 'http:') return new WebAddress(url, 'http')
  return { kind: OPAQUE.has(protocol) ? 'opaque' : 'other' }
}

let latest: { readonly text: string; readonly address: Address } | undefined

/** The address of a document. An agent takes most of its steps where it took the one before, and an
 * Address never changes, so the last one is kept. */
export function documentAddress(text: string): Address {
  if (latest?.text !== text) latest = { text, address: address(text) }
  return latest.address
}

function parse(text: string, base: string | undefined): Parsed | null {
  try {
    return new URL(text, base)
  } catch {
    // An address that does not parse is nobody's: allow rules miss it, deny and hold rules match.
    return null
  }
}

function spelled(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/%[0-9a-f]{2}/gi, decoded)
}

function decoded(triplet: string): string {
  const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16))
  return /[A-Za-z0-9\-._~]/.test(character) ? character : triplet.toUpperCase()
}
