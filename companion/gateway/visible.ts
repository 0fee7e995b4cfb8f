/** Which addresses an agent may see and go to. */

/** Types of targets that are pages and what belongs to them. Everything else is the browser's own:
 * its windows, extensions, developer tools. */
const VISIBLE_TYPES = new Set([
  'page',
  'iframe',
  'worker',
  'shared_worker',
  'service_worker',
  'worklet',
  'tab',
  'webview',
])

/** `chrome-error:` is the page that stands for one which could not be loaded. A new page, and a worker
 * whose script is still loading, have no address yet. */
const VISIBLE_URL = /^(?:$|https?:|about:|data:|blob:|filesystem:https?:|chrome-error:)/i

export function isVisible(type: string, url: string): boolean {
  return VISIBLE_TYPES.has(type) && VISIBLE_URL.test(url)
}

/** Schemes that a page can be sent to. `javascript:`, `view-source:`, `file:`, `chrome:` and the like
 * are no web addresses; all of them open when Chromium is asked to (measured on Chromium 156). */
const SCHEMES = new Set(['http:', 'https:', 'about:', 'data:', 'blob:'])

/** The address as Chromium will understand it; null where an agent may not send a page there. */
export function visitable(text: string): URL | null {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return null // no address at all
  }
  if (!SCHEMES.has(url.protocol)) return null
  return url.protocol === 'about:' && url.pathname !== 'blank' ? null : url
}

/** Whether a page at this address would talk to the companion itself or to a gateway's port. Names
 * that the browser resolves to this machine by itself count: `localhost`, `*.localhost`, 127.0.0.0/8,
 * 0.0.0.0 and their IPv6 forms, in whatever spelling a URL parser makes of them. */
export function isOwnAddress(text: string, ownPorts: ReadonlySet<number>): boolean {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return false
  }
  if (url.protocol === 'blob:') return isOwnAddress(url.pathname, ownPorts)
  if (!/^(https?|wss?):$/.test(url.protocol) || !isLoopback(url.hostname)) return false
  const port = url.port === '' ? (/^(https|wss):$/.test(url.protocol) ? 443 : 80) : Number(url.port)
  return ownPorts.has(port)
}

function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/\.$/, '').toLowerCase()
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  if (/^127\.\d+\.\d+\.\d+$/.test(host) || host === '0.0.0.0') return true
  return /^\[(?:::1?|::ffff:(?:7f[\da-f]{2}:[\da-f]{1,4}|0:0))\]$/.test(host)
}
