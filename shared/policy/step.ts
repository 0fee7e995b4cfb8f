import type { Classification } from '#shared/protocol/classification.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { keys, type Step } from './history.ts'
import { likenessOf, siteOf } from './likeness.ts'
import type { Facts, Limit, Policy } from './policy.ts'
import { subjectOf } from './staged.ts'
import type { Subject } from './subject.ts'

/** What an action counts for once it is let go, by a rule or by a person; `audit` is the entry that
 * says so. `decision` is the one that let it go, after `restrain`: only an allow counts for its rules. */
export function stepOf(
  policy: Policy,
  decision: Decision,
  d: Descriptor,
  c: Classification,
  facts: Facts,
  audit: string,
): Step {
  const subject = subjectOf(policy, d, c, facts)
  const likeness = likenessOf(subject)
  return {
    audit,
    at: facts.now,
    mode: decision.mode,
    keys: keysOf(policy, decision, subject),
    amounts: likeness.amounts,
    likeness,
  }
}

function keysOf(policy: Policy, decision: Decision, subject: Subject): string[] {
  const { d, c } = subject
  const run = runOf(d)
  const capability = keys.capability(c.capability)
  const found = [
    keys.all,
    keys.run(run),
    keys.agent(d.run?.agent ?? ''),
    keys.site(siteOf(subject)),
    keys.category(c.category),
    capability,
    keys.inRun(capability, run),
  ]
  if (decision.kind === 'allow')
    for (const id of decision.rules) found.push(keys.rule(id), keys.inRun(keys.rule(id), run))
  for (const limit of policy.limits) {
    if (!fits(limit, subject)) continue
    const key = limitKey(limit, subject)
    found.push(key)
    if (limit.rates.some(({ window }) => window === 'run')) found.push(keys.inRun(key, run))
  }
  return [...new Set(found)]
}

/** Id of the run; empty where the door knows of none, and all such steps are one run. */
export function runOf(d: Descriptor): string {
  return d.run?.id ?? ''
}

/** Whether a limit is about an action, or about the same one on production. */
export function fits({ tests }: Limit, subject: Subject): boolean {
  const { twin } = subject
  return (
    tests.every((test) => test.passes(subject)) ||
    (twin !== null && tests.every((test) => test.passes(twin)))
  )
}

/** The key that a limit counts an action by. */
export function limitKey({ counts, by }: Limit, subject: Subject): string {
  const of = limitedTo(by, subject)
  return of === null ? counts : `${counts} = ${of}`
}

/** Which category, site, run ... a limit counts an action apart for; null where it counts all together. */
export function limitedTo(by: Limit['by'], subject: Subject): string | null {
  const { d, c } = subject
  switch (by) {
    case 'all':
      return null
    case 'category':
      return c.category
    case 'capability':
      return c.capability
    case 'site':
      return siteOf(subject)
    case 'run':
      return runOf(d)
    case 'agent':
      return d.run?.agent ?? ''
  }
}
