import { address } from './address.ts'
import type { Report } from './check.ts'
import type { PolicyFile } from './schema.ts'

/** Each origin of production has a staging origin of its own, which is production of nothing. */
export function checkSandbox({ sandbox }: PolicyFile, { problem }: Report): void {
  const stagedBy = new Map<string, string>()
  for (const [production, staging] of Object.entries(sandbox)) {
    const at = ['sandbox', production]
    const say = (message: string) => problem(at, 'bad-sandbox', message)
    for (const origin of [production, staging]) {
      const usual = usualForm(origin)
      if (usual !== origin)
        problem(
          at,
          'bad-origin',
          `\`${origin}\` is not an origin${usual && `; write \`${usual}\``}`,
        )
    }
    const other = stagedBy.get(staging)
    if (production === staging)
      say('production and staging are the same; staging is another origin')
    else if (Object.hasOwn(sandbox, staging))
      say(`\`${staging}\` is itself an origin of production here, so nothing could be done on it`)
    else if (other !== undefined)
      say(
        `\`${staging}\` already stands in for \`${other}\`; every origin has a staging of its own`,
      )
    stagedBy.set(staging, production)
  }
}

/** As browsers write it: no default port, no dot at the end. Empty where it is no origin. */
function usualForm(origin: string): string {
  const to = address(origin)
  if (to.kind !== 'web') return ''
  return `${to.scheme}://${to.host}${to.port === '' ? '' : `:${to.port}`}`
}
