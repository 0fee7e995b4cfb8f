import type { Adapter } from './engine.ts'
import { peer } from './peers.ts'
import { type BenchRule, step } from './rules.ts'

interface Event {
  type: string
  params: { id: string }
}
interface Engine {
  addOperator(name: string, fits: (is: never, wants: never) => boolean): void
  run(facts: object): Promise<{ events: Event[] }>
}
interface JsonRulesEngine {
  Engine: new (rules: object[]) => Engine
}

/** Every rule is one of its rules, with an event of the effect's name. */
export const jsonRulesEngine: Adapter = {
  name: 'json-rules-engine',
  needs: 'json-rules-engine@7.3.1',
  load: async (rules) => {
    const { Engine }: JsonRulesEngine = await peer('json-rules-engine')
    const engine = new Engine(rules.map(ruleOf))
    engine.addOperator('endsWith', (is: string, end: string) => is.endsWith(end))
    engine.addOperator('startsWith', (is: string, start: string) => is.startsWith(start))
    return (request) => async () => {
      const { events } = await engine.run(step(request))
      const of = (effect: string) => events.filter(({ type }) => type === effect).map(idOf)
      const denied = of('deny')
      if (denied.length > 0) return { allowed: false, rules: denied }
      const allowed = of('allow')
      return { allowed: allowed.length > 0, rules: allowed }
    }
  },
}

function idOf({ params }: Event): string {
  return params.id
}

function ruleOf({ id, effect, categories, host, path, amount, domains, role }: BenchRule) {
  const is = (fact: string, operator: string, value: unknown) => ({ fact, operator, value })
  const suffix = host?.startsWith('*') ? host.slice(1) : null
  return {
    name: id,
    conditions: {
      all: [
        is('category', 'in', categories),
        host !== null && (suffix ? is('host', 'endsWith', suffix) : is('host', 'equal', host)),
        path && is('path', 'startsWith', `${path.area}/`),
        path?.edit && is('path', 'endsWith', '/edit'),
        role && is('role', 'equal', role),
        amount !== null && effect === 'allow' && is('amount', 'greaterThanInclusive', 0),
        amount !== null &&
          is('amount', effect === 'allow' ? 'lessThanInclusive' : 'greaterThanInclusive', amount),
        domains && is('domain', 'in', domains),
      ].filter(Boolean),
    },
    event: { type: effect, params: { id } },
  }
}
