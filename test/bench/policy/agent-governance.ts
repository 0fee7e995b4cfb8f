import type { Adapter } from './engine.ts'
import { peer } from './peers.ts'
import { type BenchRule, further } from './rules.ts'

interface AgentGovernance {
  PolicyEngine: new (
    rules: object[],
    strategy: unknown,
  ) => {
    loadPolicy(policy: object): void
    evaluatePolicy(agent: string, context: object): { allowed: boolean }
  }
  ConflictResolutionStrategy: { DenyOverrides: unknown }
}

/** Its conditions know neither globs nor suffixes, so it is told the parts of host and path.
 * Deny overrides. */
export const agentGovernance: Adapter = {
  name: '@microsoft/agent-governance-sdk',
  needs: '@microsoft/agent-governance-sdk@4.0.0',
  load: async (rules) => {
    const sdk: AgentGovernance = await peer('@microsoft/agent-governance-sdk')
    const engine = new sdk.PolicyEngine([], sdk.ConflictResolutionStrategy.DenyOverrides)
    engine.loadPolicy({
      name: 'bench',
      apiVersion: '1',
      scope: 'global',
      agents: ['*'],
      default_action: 'deny',
      rules: rules.map((rule) => ({
        name: rule.id,
        ruleAction: rule.effect,
        condition: condition(rule),
        enabled: true,
        priority: 0,
      })),
    })
    return (request) => () => {
      const { allowed } = engine.evaluatePolicy('did:bench', further(request))
      return { allowed, rules: null }
    }
  },
}

function condition({ effect, categories, host, path, amount, domains, role }: BenchRule): string {
  const words = (list: readonly string[]) => `[${list.map((word) => `'${word}'`).join(', ')}]`
  return [
    `category in ${words(categories)}`,
    host !== null && (host.startsWith('*') ? `parent == '${host.slice(2)}'` : `host == '${host}'`),
    path && `area == '${path.area}'`,
    path?.edit && 'edit == true',
    role && `role == '${role}'`,
    amount !== null && `amount >= 0 and amount ${effect === 'allow' ? '<=' : '>='} ${amount}`,
    domains && `domain in ${words(domains)}`,
  ]
    .filter(Boolean)
    .join(' and ')
}
