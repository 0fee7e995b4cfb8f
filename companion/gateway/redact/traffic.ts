import { isParams, type Params, textOf } from '../cdp.ts'
import { textWithoutSecrets, withoutSecrets } from './secret-headers.ts'

/** Cookies that scripts of the page cannot read are left out. With an empty value in their place, a
 * client that writes its cookies back (Playwright's `storageState` and `addCookies`) would log the user
 * out; a cookie that is not written back stays as it is. */
export function cookiesOf(result: Params): Params {
  return { ...result, cookies: listOf(result.cookies).filter(isReadable) }
}

/** Headers and cookies in whatever event or answer of the Network, Fetch and Audits domains. Chromium
 * 156 shows the session in `headers`, in the raw `headersText`, in `associatedCookies`, and in the
 * `cookieLine` of cookies that it did not take. */
export function trafficOf(params: Params): Params {
  const shown: Params = {}
  for (const [key, value] of Object.entries(params)) {
    const rule = RULES.get(key)
    if (rule !== undefined) shown[key] = rule(value)
    else if (NESTED.has(key) && isParams(value)) shown[key] = trafficOf(value)
    else if (!DROPPED.has(key)) shown[key] = value
  }
  return shown
}

const RULES: ReadonlyMap<string, (value: unknown) => unknown> = new Map([
  ['headers', withoutSecrets],
  ['requestHeaders', withoutSecrets],
  ['responseHeaders', withoutSecrets],
  ['headersText', textWithoutSecrets],
  ['requestHeadersText', textWithoutSecrets],
  ['associatedCookies', readableOnes],
  ['blockedCookies', withoutLines],
  ['exemptedCookies', withoutLines],
])

/** Keys under which a request or an answer lies. */
const NESTED = new Set([
  'cookieIssueDetails',
  'details',
  'header',
  'info',
  'issue',
  'outerResponse',
  'redirectResponse',
  'request',
  'response',
])

/** `Audits.CookieIssueDetails`: the line as the server sent it. */
const DROPPED = new Set(['rawCookieLine'])

function readableOnes(value: unknown): Params[] {
  return listOf(value).filter(({ cookie }) => cookie === undefined || isReadable(cookie))
}

/** `cookieLine` is as the server sent it. It has to be there, so it is kept up to the name. */
function withoutLines(value: unknown): Params[] {
  return readableOnes(value).map((entry) => {
    const line = textOf(entry.cookieLine)
    return line === undefined ? entry : { ...entry, cookieLine: `${line.split('=', 1)[0]}=` }
  })
}

function isReadable(cookie: unknown): boolean {
  return isParams(cookie) && cookie.httpOnly !== true
}

function listOf(value: unknown): Params[] {
  return Array.isArray(value) ? value.filter(isParams) : []
}
