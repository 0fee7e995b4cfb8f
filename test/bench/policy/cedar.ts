import type { Adapter } from './engine.ts'
import { peer } from './peers.ts'
import { type BenchRule, step } from './rules.ts'

interface Cedar {
  preparsePolicySet(name: string, policies: object): { type: string }
  statefulIsAuthorized(call: object): {
    type: string
    response: { decision: string; diagnostics: { reason: string[] } }
  }
}

let sets = 0

/** The policy set is parsed once and stays inside the module; each request crosses as JSON. */
export const cedar: Adapter = {
  name: '@cedar-policy/cedar-wasm',
  needs: '@cedar-policy/cedar-wasm@4.13.0',
  load: async (rules) => {
    const module: Cedar = await peer('@cedar-policy/cedar-wasm/nodejs')
    const set = `bench${sets++}`
    const staticPolicies = Object.fromEntries(rules.map((rule) => [rule.id, policy(rule)]))
    const parsed = module.preparsePolicySet(set, { staticPolicies })
    if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed).slice(0, 500))
    return (request) => () => {
      const call = {
        principal: { type: 'Agent', id: 'a' },
        action: { type: 'Action', id: request.category },
        resource: { type: 'Page', id: 'p' },
        context: step(request),
        preparsedPolicySetId: set,
        entities: [],
      }
      const { decision, diagnostics } = module.statefulIsAuthorized(call).response
      return { allowed: decision === 'allow', rules: diagnostics.reason }
    }
  },
}

function policy({ effect, categories, host, path, amount, domains, role }: BenchRule): string {
  const actions = categories.map((word) => `Action::"${word}"`).join(', ')
  const tests = [
    host && (host.startsWith('*') ? `context.host like "${host}"` : `context.host == "${host}"`),
    path && `context.path like "${path.area}/${path.edit ? '*/edit' : '*'}"`,
    amount !== null &&
      (effect === 'allow'
        ? `context.amount >= 0 && context.amount <= ${amount}`
        : `context.amount >= ${amount}`),
    domains && `[${domains.map((one) => `"${one}"`).join(', ')}].contains(context.domain)`,
    role && `context.role == "${role}"`,
  ].filter(Boolean)
  const head = `${effect === 'allow' ? 'permit' : 'forbid'}(principal, action in [${actions}], resource)`
  return tests.length === 0 ? `${head};` : `${head} when { ${tests.join(' && ')} };`
}
