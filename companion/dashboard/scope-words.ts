import { visible } from '#shared/ui/visible.ts'

/** What a breaker's scope covers, for people: `policy`, `rule ID` and `site HOST` as sentences begin. */
export function scopeSays(scope: string): string {
  const [, kind, name = ''] = /^(rule|site) (.*)$/s.exec(scope) ?? []
  if (kind === undefined) return scope === 'policy' ? 'Everything' : visible(scope, { limit: 80 })
  const shown = visible(name, { limit: 80 })
  return kind === 'rule' ? `What rule ${shown} would allow` : `Everything on ${shown}`
}
