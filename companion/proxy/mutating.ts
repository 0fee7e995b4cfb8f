/** Methods that change nothing by definition (RFC 9110, section 9.2.1), and CONNECT, which only opens
 * the tunnel in which the requests are looked at. Not TRACE, whose answer repeats the cookies that no
 * script may read. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'CONNECT'])

/** Headers by which frameworks let a request name another method than it has. */
const OVERRIDES = ['x-http-method-override', 'x-method-override', 'x-http-method']

/** Whether a request may change something, by what it says of itself. `headers` have names in lower
 * case; `url` is absolute. */
export function isMutating(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
): boolean {
  if (!SAFE.has(method)) return true
  // No page can give a GET a body; whoever intercepts requests can.
  if (Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding']) return true
  // Servers behind CGI and its heirs take an underscore for a hyphen.
  if (Object.keys(headers).some((name) => OVERRIDES.includes(name.replaceAll('_', '-'))))
    return true
  const at = url.indexOf('?')
  if (at < 0) return false
  const parameters = new URLSearchParams(url.slice(at))
  // `_method` is Rails', Laravel's and Symfony's. Escapes are decoded, as they do it.
  if (parameters.has('_method')) return true
  // GraphQL by GET. Only what is a document: `?query=mutation` is somebody's search.
  return parameters.getAll('query').some((text) => /\bmutation\b[^{]*\{/i.test(text))
}
