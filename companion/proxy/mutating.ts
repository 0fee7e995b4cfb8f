/** Methods that change nothing by definition (RFC 9110, section 9.2.1), and CONNECT, which only opens
 * the tunnel in which the requests are looked at. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT'])

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
  if (OVERRIDES.some((name) => headers[name] !== undefined)) return true
  const at = url.indexOf('?')
  // `_method` is Rails', Laravel's and Symfony's. Escapes are decoded, as they do it.
  return at >= 0 && new URLSearchParams(url.slice(at)).has('_method')
}
