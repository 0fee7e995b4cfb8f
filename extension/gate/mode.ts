import type { GateSettings } from '#shared/protocol/link.ts'

/** True where the page's gestures may go ahead natively and only be recorded. What cannot be told
 * here with certainty is false: the gesture is then held and the companion, which has the policy's
 * full pattern language, says `go`. */
export function observes(settings: GateSettings | null, url: string): boolean {
  if (!settings || settings.ruleModes || !URL.canParse(url)) return false
  const page = new URL(url)
  const others = settings.sites.filter((site) => site.mode !== 'observe')
  if (others.some((site) => mayCover(site.url, page))) return false
  if (settings.sites.length === 0) return settings.mode === 'observe'
  return settings.sites.some((site) => site.mode === 'observe' && covers(site.url, page))
}

const pattern = /^(https?:)\/\/([^/?#:]+)(?::(\d+))?(\/[^?#]*)$/

/** True only where the pattern certainly covers the page: `*` is one host label or path segment,
 * `**` any number of them. */
function covers(site: string, page: URL): boolean {
  const [, scheme, host = '', port = '', path = ''] = pattern.exec(site) ?? []
  if (scheme !== page.protocol || port !== page.port) return false
  if (/%|\/\/|;/.test(page.pathname)) return path === '/**' && hostCovers(host, page.hostname)
  return hostCovers(host, page.hostname) && piecesCover(path.split('/'), page.pathname.split('/'))
}

/** True unless the pattern certainly does not cover the page. */
function mayCover(site: string, page: URL): boolean {
  const [, , host] = pattern.exec(site) ?? []
  if (host === undefined || host.includes('*')) return true
  return host.toLowerCase() === page.hostname
}

function hostCovers(host: string, name: string): boolean {
  const [first, ...rest] = host.toLowerCase().split('.')
  if (first === '**') return name.endsWith(`.${rest.join('.')}`) && !rest.includes('*')
  return piecesCover(host.toLowerCase().split('.'), name.split('.'))
}

/** `**` is understood at the end only; anywhere else nothing is certain. */
function piecesCover(wanted: readonly string[], has: readonly string[]): boolean {
  const open = wanted.at(-1) === '**'
  const fixed = open ? wanted.slice(0, -1) : wanted
  if (open ? has.length <= fixed.length : has.length !== fixed.length) return false
  return fixed.every((piece, i) => (piece === '*' ? has[i] !== '' : piece === has[i]))
}
