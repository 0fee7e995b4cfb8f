import { isParams, type Params, textOf } from './cdp.ts'
import type { MethodVerdict, ParamRule } from './methods/method-group.ts'
import { ALLOW, wrong } from './methods/verdicts.ts'
import { STAMP_HEADER } from './stamp.ts'

/** The order between two sessions that intercept at the browser is undefined, so there only Holdpoint
 * does. On a target's session the agent comes first: Holdpoint sees what the agent made of a request. */
export const interception: ParamRule = (method, params, level) => {
  if (level !== 'target')
    return wrong(
      method,
      'requests can be intercepted on the session of a page, not on that of the browser',
      'Attach to the page and use its session.',
    )
  const { url, headers } = params
  if (url !== undefined && !/^https?:/.test(addressOf(url)))
    return wrong(method, 'a request can only be sent on to an http or https address')
  const names = namesOf(headers)
  if (names.includes(STAMP_HEADER)) return wrong(method, FORGED)
  return names.includes('cookie')
    ? wrong(method, 'cookies decide as whom the browser acts', INSTEAD)
    : withoutCookies(method, params)
}

/** Chromium takes the cookies of an answer that an agent has made up. Setting cookies waits for a person,
 * also in this way: they are left out, and the page gets the rest. */
function withoutCookies(method: string, params: Params): MethodVerdict {
  const { responseHeaders, binaryResponseHeaders } = params
  if (setsCookie(Buffer.from(textOf(binaryResponseHeaders) ?? '', 'base64').toString('latin1')))
    return wrong(method, 'an answer that is made up cannot set cookies', INSTEAD)
  if (!Array.isArray(responseHeaders) || !namesOf(responseHeaders).some(setsCookie)) return ALLOW
  const kept = responseHeaders.filter((header) => !setsCookie(nameOf(header)))
  return { class: 'allow', params: { ...params, responseHeaders: kept } }
}

function setsCookie(text: string): boolean {
  return /set-cookie/i.test(text)
}

export const extraHeaders: ParamRule = (method, { headers }) => {
  const names = isParams(headers) ? Object.keys(headers).map(plain) : []
  if (names.includes(STAMP_HEADER)) return wrong(method, FORGED)
  const closed = names.find((name) => CLOSED_HEADERS.has(name))
  return closed === undefined
    ? ALLOW
    : wrong(
        method,
        `the header ${closed} would change what every request of the page means`,
        INSTEAD,
      )
}

const FORGED = `the header ${STAMP_HEADER} is Holdpoint's own`
const INSTEAD = 'Leave it out. Network.setCookie is open for cookies, after a person has agreed.'

const CLOSED_HEADERS = new Set([
  'cookie',
  'host',
  'proxy-authorization',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
])

function addressOf(url: unknown): string {
  const text = textOf(url) ?? ''
  return URL.canParse(text) ? new URL(text).href : ''
}

/** Names in a list of `Fetch.HeaderEntry`s. */
function namesOf(headers: unknown): string[] {
  return Array.isArray(headers) ? headers.map(nameOf) : []
}

function nameOf(header: unknown): string {
  return isParams(header) ? plain(textOf(header.name) ?? '') : ''
}

function plain(name: string): string {
  // Servers behind CGI and its heirs take an underscore for a hyphen.
  return name.trim().toLowerCase().replaceAll('_', '-')
}
