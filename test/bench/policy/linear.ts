import { type Adapter, byEffect, linearly } from './engine.ts'
import { type BenchRule, step } from './rules.ts'

/** Written by hand, one rule after the other: its verdicts are the ones that count. */
export const linear: Adapter = {
  name: 'hand-written, linear',
  needs: null,
  load: (rules) => {
    const both = byEffect(rules, (rule) => rule)
    return (request) => () => {
      const facts = step(request)
      return linearly(both, (rule) => fits(rule, facts))
    }
  },
}

type Step = ReturnType<typeof step>

function fits(rule: BenchRule, facts: Step): boolean {
  const { host, path, category, role, domain } = facts
  return (
    rule.categories.includes(category) &&
    hostFits(rule, host) &&
    (rule.path === null ||
      (path.startsWith(`${rule.path.area}/`) && (!rule.path.edit || path.endsWith('/edit')))) &&
    (rule.role === null || rule.role === role) &&
    amountFits(rule, facts) &&
    (rule.domains === null || rule.domains.includes(domain))
  )
}

function hostFits({ host }: BenchRule, is: string): boolean {
  if (host === null) return true
  return host.startsWith('*') ? is.endsWith(host.slice(1)) : host === is
}

function amountFits({ amount, effect }: BenchRule, facts: Step): boolean {
  if (amount === null) return true
  if (facts.amount < 0) return false
  return effect === 'allow' ? facts.amount <= amount : facts.amount >= amount
}
