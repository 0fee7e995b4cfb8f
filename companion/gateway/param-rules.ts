import { numberOf, type Params, textOf } from './cdp.ts'
import { downloadFolder } from './download-folder.ts'
import type { MethodVerdict, ParamRule } from './methods/method-group.ts'
import { ALLOW, HOLD, wrong } from './methods/verdicts.ts'

/** Whether an agent may go to an address: web pages, the blank page, and documents that are made from
 * data. Measured on Chromium 156: `chrome:`, `file:`, `devtools:` and `view-source:` all open by
 * `Page.navigate` and by `Target.createTarget`. An empty address is the blank page. */
export function allowedUrl(url: string): boolean {
  if (url === '') return true
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  switch (parsed?.protocol) {
    case 'http:':
    case 'https:':
    case 'data:':
      return true
    case 'about:':
      // Chromium takes every other about: address for a chrome: one.
      return parsed.pathname === 'blank'
    case 'blob:':
      return /^(https?:|null\/)/.test(parsed.pathname)
    default:
      return false
  }
}

/** What is no text is no address that anything is said about. */
function addressOf(url: unknown): string {
  return url === undefined ? '' : (textOf(url) ?? 'none:')
}

const WEB_ONLY = 'only http, https, data and blob addresses and about:blank are open to agents'

export const visitedUrl: ParamRule = (method, { url }) => {
  const address = addressOf(url)
  if (allowedUrl(address)) return ALLOW
  return URL.canParse(address) ? wrong(method, WEB_ONLY) : wrong(method, NOT_WHOLE, WRITE_WHOLE)
}

/** With Chromium's own words, which clients know. */
const NOT_WHOLE = 'the address is not a whole one (Cannot navigate to invalid URL)'
const WRITE_WHOLE = 'Write it whole, with https:// in front.'

/** Of what a new page can be told, everything but: frames that only the client drives, and a page that
 * no window shows. */
export const createdTarget: ParamRule = (method, params) =>
  allowedUrl(addressOf(params.url))
    ? rewritten(params, [
        'background',
        'browserContextId',
        'focus',
        'forTab',
        'height',
        'left',
        'newWindow',
        'top',
        'url',
        'width',
        'windowState',
      ])
    : wrong(method, WEB_ONLY)

/** Leaves out a proxy, which would go past the companion's own, and access across origins. */
export const createdContext: ParamRule = (_method, params) => rewritten(params, ['disposeOnDetach'])

/** `Target.sendMessageToTarget` is the other way to use a session; without `flatten` it is the only one. */
export const attachment: ParamRule = (_method, params) =>
  params.flatten === true ? ALLOW : { class: 'allow', params: { ...params, flatten: true } }

/** Worlds of Holdpoint's own scripts have names that start like this. */
export const OWN_WORLD = 'holdpoint'

export function isOwnWorld(name: string | undefined): boolean {
  return name?.toLowerCase().startsWith(OWN_WORLD) ?? false
}

export const worldName: ParamRule = (method, params) =>
  isOwnWorld(textOf(params.worldName)) ? wrong(method, OWN_NAME) : ALLOW

const OWN_NAME = `a name that starts with ${OWN_WORLD} is Holdpoint's own`

/** The address becomes the script's own, which the browser then vouches for (`embedderName`). Unlike a
 * `sourceURL` in the text, nothing tells it from the address of what a server sent. */
export const compiledScript: ParamRule = (_method, params) => ({
  class: 'allow',
  params: { ...params, sourceURL: '' },
})

/** A binding without a context appears in every world of the page, also in those of Holdpoint's own
 * scripts, and takes the place of what had its name: `Map` or `getComputedStyle`, say. */
export const bindingName: ParamRule = (method, { name, executionContextName }) => {
  if (isOwnWorld(textOf(executionContextName)) || isOwnWorld(textOf(name)))
    return wrong(method, OWN_NAME)
  const taken = textOf(name) ?? ''
  return taken === '' || taken in globalThis || PAGE_GLOBALS.test(taken)
    ? wrong(method, 'scripts rely on what has this name', 'Choose another name.')
    : ALLOW
}

/** Globals that a page has and Node.js has not: interfaces, and the rest by name. */
const PAGE_GLOBALS =
  /^(?:[A-Z].*|document|window|self|top|parent|frames|opener|location|history|name|length|origin|closed|status|event|external|screen|visualViewport|customElements|getComputedStyle|getSelection|matchMedia|requestAnimationFrame|cancelAnimationFrame|requestIdleCallback|cancelIdleCallback|scroll(?:X|Y|To|By)?|page[XY]Offset|inner(?:Width|Height)|outer(?:Width|Height)|devicePixelRatio|postMessage|frameElement|trustedTypes|indexedDB|caches|cookieStore|chrome)$/

/** Playwright sets this for every context as soon as it connects, with a folder that it has just made
 * (https://github.com/microsoft/playwright, `playwright-artifacts-`), and names the files by id. What this
 * gives away: a file of unknown content and with a meaningless name in such a folder. Where the name is
 * the site's or the folder the agent's choice, a download can replace what the user runs. */
export const downloadBehavior: ParamRule = (_method, { behavior, downloadPath }) => {
  if (behavior === 'deny' || behavior === 'default')
    return downloadPath === undefined ? ALLOW : HOLD
  return behavior === 'allowAndName' && downloadFolder(downloadPath) ? ALLOW : HOLD
}

/** Refusing takes nothing and gives nothing; every other setting is a permission. */
export const permissionSetting: ParamRule = (_method, { setting, permissions }) =>
  setting === 'denied' || setting === 'prompt' || isEmptyList(permissions) ? ALLOW : HOLD

export const dialogAnswer: ParamRule = (_method, { accept }) => (accept === false ? ALLOW : HOLD)

export const lifecycleState: ParamRule = (method, { state }) =>
  state === 'active'
    ? ALLOW
    : wrong(method, 'a frozen page would take an input later than it was checked')

export const prerendering: ParamRule = (method, { isAllowed }) =>
  isAllowed === false ? ALLOW : wrong(method, 'pages would run before they are watched')

export const skipAllPauses: ParamRule = (method, { skip }) =>
  skip === true
    ? ALLOW
    : wrong(method, 'a page must not pause between the check of an input and the input')

export const automationScript: ParamRule = (method, { value }) =>
  value === false
    ? ALLOW
    : wrong(method, 'a page without scripts sends forms that nothing in it can describe any more')

export const certificateErrors: ParamRule = (method, { ignore, override }) =>
  ignore === false || override === false
    ? ALLOW
    : wrong(
        method,
        'it lets the browser trust servers that nobody vouches for',
        'Ask the user to trust the certificate of the server.',
      )

/** Chrome's own developer tools offer up to 20. */
export const throttling: ParamRule = (method, { rate }) => {
  const times = numberOf(rate) ?? 0
  return times >= 1 && times <= 20 ? ALLOW : wrong(method, 'the rate must be between 1 and 20')
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function rewritten(params: Params, keys: readonly string[]): MethodVerdict {
  const kept: [string, unknown][] = []
  for (const key of keys) if (Object.hasOwn(params, key)) kept.push([key, params[key]])
  return { class: 'allow', params: Object.fromEntries(kept) }
}
