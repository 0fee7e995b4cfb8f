import { type Adapter, byEffect } from './engine.ts'
import { peer } from './peers.ts'
import { type BenchRule, step } from './rules.ts'

interface Expression {
  evaluate(input: object): Promise<unknown>
}

/** One expression for each rule, parsed once, one after the other. */
export const jsonata: Adapter = {
  name: 'jsonata',
  needs: 'jsonata@2.2.2',
  load: async (rules) => {
    const exports = await peer('jsonata')
    const parse: (source: string) => Expression = exports.default
    const { denies, allows } = byEffect(rules, (rule) => parse(source(rule)))
    return (request) => async () => {
      const input = step(request)
      const denied: string[] = []
      for (const { id, test } of denies) if ((await test.evaluate(input)) === true) denied.push(id)
      if (denied.length > 0) return { allowed: false, rules: denied }
      const allowed: string[] = []
      for (const { id, test } of allows) if ((await test.evaluate(input)) === true) allowed.push(id)
      return { allowed: allowed.length > 0, rules: allowed }
    }
  },
}

function source({ effect, categories, host, path, amount, domains, role }: BenchRule): string {
  const suffix = host?.startsWith('*') ? host.slice(1).replaceAll('.', '\\.') : null
  const glob = path && `${path.area.replace('/', '\\/')}\\/${path.edit ? '[^\\/]*\\/edit$' : ''}`
  return [
    `category in ${JSON.stringify(categories)}`,
    host !== null && (suffix ? `$contains(host, /${suffix}$/)` : `host = "${host}"`),
    glob && `$contains(path, /^${glob}/)`,
    role && `role = "${role}"`,
    amount !== null && `amount >= 0 and amount ${effect === 'allow' ? '<=' : '>='} ${amount}`,
    domains && `domain in ${JSON.stringify(domains)}`,
  ]
    .filter(Boolean)
    .join(' and ')
}
