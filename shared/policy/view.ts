import type { PolicyView } from '#shared/protocol/api.ts'
import { either } from './either.ts'
import type { Policy, Rule } from './policy.ts'
import { undoSays } from './says.ts'
import { policyRestraints, ruleRestraints } from './view-restraints.ts'

/** The policy in plain language, for people. */
export function view(
  policy: Policy,
): Pick<PolicyView, 'mode' | 'scope' | 'sites' | 'rules' | 'says'> {
  return {
    mode: policy.mode,
    scope: policy.scope,
    sites: (policy.sites ?? []).map((site) => ({
      url: site.glob.text,
      mode: site.mode ?? policy.mode,
      until: site.until?.text ?? null,
    })),
    rules: policy.rules.map((rule) => ({
      id: rule.id,
      effect: rule.effect,
      says: sentence(rule),
      line: rule.line,
    })),
    says: steps(policy),
  }
}

function sentence(rule: Rule): string {
  const begins = `${rule.says.charAt(0).toUpperCase()}${rule.says.slice(1)}`
  const parts = [
    begins,
    rule.undo && undoSays(rule.undo),
    ...ruleRestraints(rule),
    rule.acknowledge.size > 0 && `acknowledges ${[...rule.acknowledge].join(', ')}`,
    rule.mode && `in mode ${rule.mode}`,
    rule.until && `until ${rule.until.text}`,
    rule.why && `because: ${rule.why}`,
    rule.tell && `the agent is told: ${rule.tell}`,
  ]
  return parts.filter(Boolean).join('; ')
}

/** How decisions come about, in the order in which the steps apply. */
function steps(policy: Policy): string[] {
  if (policy.broken !== null) return ['Reads pass.', `${policy.broken}.`]
  const count = (effect: Rule['effect'], verb: string) => {
    const { length } = policy.rules.filter((rule) => rule.effect === effect)
    return length === 0 ? '' : ` (${length} ${length === 1 ? 'rule' : 'rules'} ${verb})`
  }
  return [
    'Reads pass: looking, searching and drafting never ask.',
    ...(policy.sideEffects.length === 0
      ? []
      : [
          `A GET of ${either(policy.sideEffects.map(({ text }) => text))} counts as a change, not as a read.`,
        ]),
    `What a deny rule matches is denied, whatever other rules say${count('deny', 'deny')}.`,
    ...(policy.sites === null
      ? []
      : [
          'Away from the sites of this policy an agent is denied, and a person is asked about anybody else.',
        ]),
    `What a hold rule matches waits for a person, even if another rule allows it${count('hold', 'hold')}.`,
    `What an allow rule matches goes ahead${count('allow', 'allow')}.`,
    ...policyRestraints(policy),
    'Communication, financial and deletion steps go ahead only by a rule that acknowledges the category; personnel and legal steps always wait for a person.',
    'Everything else waits for a person.',
    MODES[policy.mode],
  ]
}

const MODES = {
  enforce: 'Decisions bind (mode enforce), except where a site or rule has another mode.',
  shadow: 'Nothing executes (mode shadow): what would have happened is recorded.',
  observe: 'Everything executes (mode observe): what would have been decided is recorded.',
} as const
