import { type Address, address, Path, type Spelling, type WebAddress } from './address.ts'
import { hostGlob } from './host-glob.ts'
import { GLOB_LIMIT, textGlob } from './text-glob.ts'

/** A compiled URL pattern. `strict` is for whatever grants something, `lenient` for whatever takes
 * something away: what one of them cannot tell, it answers in the safe direction. */
export interface UrlGlob {
  readonly text: string
  /** The literal host, or the literal labels at its end (`''` for none): where an index finds it. */
  readonly host: { readonly exact: string } | { readonly suffix: string }
  strict(address: Address): boolean
  lenient(address: Address): boolean
  /** Scheme, host and port only. */
  onHost(address: Address): boolean
}

/** Compiles `https://*.example.com/tasks/**`: the scheme is exact, `*` stays within a host label or
 * a path segment, `**` spans any number of them (in the host: one or more), `:*` is any port, and
 * the query is ignored unless the pattern has one. `**` alone is everywhere. The answer is a message for a bad pattern. */
export function urlGlob(text: string): UrlGlob | string {
  if (text === '**') return EVERYWHERE
  const parts = split(text)
  if (typeof parts === 'string') return parts
  const host = hostGlob(parts.host)
  if (typeof host === 'string') return host
  const { scheme, port } = parts
  const onHost = (to: WebAddress) =>
    to.scheme === scheme && (port === '*' || to.port === port) && host.test(to)
  const path = pathTests(parts.path)
  const query = queryTests(parts.query)
  return {
    text,
    host: host.where,
    onHost: (to) => to.kind === 'web' && onHost(to),
    strict: (to) =>
      to.kind === 'web' && !to.odd && onHost(to) && path.strict(to.path()) && query.strict(to),
    lenient: (to) =>
      to.kind === 'opaque' ||
      (to.kind === 'web' && onHost(to) && path.lenient(to.path()) && query.lenient(to)),
  }
}

/** Any address, one that no other pattern can name included. */
export const EVERYWHERE: UrlGlob = {
  text: '**',
  host: { suffix: '' },
  onHost: () => true,
  strict: () => true,
  lenient: () => true,
}

/** Every test of one pattern part, in both directions. */
interface Tests<T> {
  strict(part: T): boolean
  lenient(part: T): boolean
}

const PATTERN = /^(https?):\/\/([^/?#\\@\s]+?)(?::(\d{1,5}|\*))?(\/[^?#\\\s]*)?(?:\?([^#\s]*))?$/

function split(text: string) {
  if (text.length > GLOB_LIMIT) return `a pattern has at most ${GLOB_LIMIT} characters`
  const found = PATTERN.exec(text)
  if (!found)
    return `\`${text}\` is not a URL pattern; write it as in \`https://crm.example.com/tasks/**\``
  const [, scheme = '', host = '', port = '', path, query] = found
  if (path === undefined)
    return `\`${text}\` has no path; write \`${text}/**\` for the whole site or \`${text}/\` for its first page`
  const odd = path.split('/').find((segment) => segment.includes('**') && segment !== '**')
  if (odd !== undefined) return `\`**\` stands alone between slashes; write \`*\` within \`${odd}\``
  if (/(^|\/)\.{1,2}(\/|$)/.test(path))
    return `\`${text}\` has dot segments; write the path they lead to`
  const standard = scheme === 'https' ? '443' : '80'
  return { scheme, host, port: port === standard ? '' : port, path, query }
}

function pathTests(pattern: string): Tests<Path> {
  if (pattern === '/**') return { strict: () => true, lenient: () => true }
  // Through the parser, so that the pattern is spelled as every address is.
  const parsed = address(`https://pattern.invalid${pattern}`)
  const own = parsed.kind === 'web' ? parsed.path() : new Path(pattern)
  const literal = pattern.includes('*') ? null : own.exact.text
  const exact = pathTest(own.exact)
  const near = pathTest(own.loose())
  return {
    strict: (path) => (path.ambiguous ? path.exact.text === literal : exact(path.exact)),
    lenient: (path) => path.ambiguous || near(path.loose()),
  }
}

/** Most patterns are literal up to a `**` at the end: they need no segments. */
function pathTest(pattern: Spelling): (path: Spelling) => boolean {
  const [, start] = /^([^*]*)\/\*\*$/.exec(pattern.text) ?? []
  if (start !== undefined) {
    const below = `${start}/`
    return ({ text }) => text.startsWith(below) || text === start
  }
  const test = segmentsTest(pattern.segments())
  return (path) => test(path.segments())
}

/** Runs of segments between `**` are searched from left to right, the last one from the end. */
function segmentsTest(pattern: readonly string[]): (path: readonly string[]) => boolean {
  const runs: ((text: string) => boolean)[][] = [[]]
  for (const segment of pattern)
    if (segment === '**') runs.push([])
    else runs[runs.length - 1]?.push(segmentTest(segment))
  const [first = [], ...rest] = runs
  const last = rest.pop()
  return (path) => {
    if (!fits(first, path, 0)) return false
    if (last === undefined) return path.length === first.length
    const end = path.length - last.length
    let from = first.length
    for (const run of rest) {
      while (from + run.length <= end && !fits(run, path, from)) from++
      from += run.length
    }
    return from <= end && fits(last, path, end)
  }
}

function fits(
  run: readonly ((text: string) => boolean)[],
  path: readonly string[],
  from: number,
): boolean {
  let at = from
  for (const test of run) {
    const segment = path[at++]
    if (segment === undefined || !test(segment)) return false
  }
  return true
}

/** A lone `*` wants a segment with something in it: `/tasks/*` is not `/tasks/`. */
function segmentTest(segment: string): (text: string) => boolean {
  return segment === '*' ? (text) => text !== '' : textGlob(segment)
}

/** Strict: the query as a whole. Lenient: every parameter of the pattern, in any order. */
function queryTests(pattern: string | undefined): Tests<WebAddress> {
  if (pattern === undefined) return { strict: () => true, lenient: () => true }
  const whole = textGlob(pattern)
  const each = pattern.toLowerCase().split('&').map(textGlob)
  return {
    strict: (to) => whole(to.query()),
    lenient: (to) => {
      const query = to.query()
      const parameters = query.toLowerCase().split('&')
      return whole(query) || each.every((test) => parameters.some(test))
    },
  }
}
