import { address, type WebAddress } from './address.ts'
import { textGlob } from './text-glob.ts'

/** A compiled host pattern, and where an index finds it. */
export interface HostGlob {
  readonly where: { readonly exact: string } | { readonly suffix: string }
  test(to: WebAddress): boolean
}

/** Compiles the host of a URL pattern: `*` stays within one label, `**` is one or more labels and
 * comes first, or is all there is. Literal labels go through the URL parser, so `BÜCHER.example` and
 * `xn--bcher-kva.example` are the same host. A message for a bad pattern. */
export function hostGlob(text: string): HostGlob | string {
  if (!text.includes('*')) {
    const exact = canonical(text)
    if (exact === null) return `\`${text}\` is not a host name`
    return { where: { exact }, test: (to) => to.host === exact }
  }
  if (text === '**') return { where: { suffix: '' }, test: () => true }
  const labels = text.toLowerCase().split('.')
  const deep = labels[0] === '**'
  const spelled = (deep ? labels.slice(1) : labels).map((label) =>
    label.includes('*') ? wild(label) : canonical(label),
  )
  const known = spelled.filter((label) => label !== null)
  if (known.length < spelled.length)
    return `\`${text}\` is not a host pattern; \`*\` stands within one label of plain letters, \`**\` only in front`
  const suffix = (deep ? known : known.slice(1)).join('.')
  if ((deep || known[0] === '*') && suffix !== '' && !suffix.includes('*'))
    return below(suffix, deep)
  const tests = known.map((label) =>
    label === '*' ? (text: string) => text !== '' : textGlob(label),
  )
  const lastStar = known.findLastIndex((label) => label.includes('*'))
  return {
    where: { suffix: known.slice(lastStar + 1).join('.') },
    test: (to) => {
      if (to.host.startsWith('[')) return false
      const has = to.labels()
      const spare = has.length - tests.length
      return (
        (deep ? spare >= 1 : spare === 0) && tests.every((test, i) => test(has[i + spare] ?? ''))
      )
    },
  }
}

/** `**.example.com`, or `*.example.com` for exactly one label: the usual patterns need no labels. */
function below(suffix: string, deep: boolean): HostGlob {
  const end = `.${suffix}`
  return {
    where: { suffix },
    test: ({ host }) => {
      if (!host.endsWith(end)) return false
      const rest = host.length - end.length
      return deep || (rest > 0 && host.indexOf('.') === rest)
    },
  }
}

/** A label with a star in it. `**` anywhere but in front is refused, as is what is not ASCII. */
function wild(label: string): string | null {
  return /^[a-z0-9*_-]+$/.test(label) && !label.includes('**') ? label : null
}

function canonical(host: string): string | null {
  const parsed = address(`https://${host}/`)
  return parsed.kind === 'web' && parsed.host !== '' && !parsed.odd ? parsed.host : null
}
