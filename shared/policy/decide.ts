import type { Classification } from '#shared/protocol/classification.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Mode } from '#shared/protocol/words.ts'
import { allowOrHold } from './allow-or-hold.ts'
import { putApprover } from './approver.ts'
import { decision } from './decision.ts'
import { type Matches, matching } from './matching.ts'
import { missingContext } from './missing-context.ts'
import { modeAt, modeOf } from './mode.ts'
import type { Facts, Policy, Rule } from './policy.ts'
import { type Shelves, shelvesFor } from './rule-index.ts'
import { subjectOf } from './staged.ts'
import { isRead, type Subject, within } from './subject.ts'

/** What the policy says of one action. Pure: the same four values always give the same Decision.
 * deny > hold > allow, whatever the order of the rules; what no rule allows is held; a `read`
 * passes. Never throws, and whatever is unsure is held or denied, never allowed. */
export function decide(policy: Policy, d: Descriptor, c: Classification, facts: Facts): Decision {
  const subject = subjectOf(policy, d, c, facts)
  const place = modeAt(policy, subject)
  if (isRead(c)) return decision(subject, 'allow', 'read', place, READ)
  const made = decideStep(policy, subject, place)
  // Who has to approve, where it is a person's to decide and the policy names a role.
  if (made.kind === 'hold') putApprover(policy, subject, made)
  return made
}

const READ = 'Reading changes nothing, so it passes'

/** Decides an execute step. */
function decideStep(policy: Policy, subject: Subject, place: Mode): Decision {
  if (policy.broken !== null)
    return decision(subject, 'hold', 'policy-broken', place, policy.broken)
  const shelves = shelvesFor(policy.index, subject)
  const denied = matching(shelves, 'deny', subject)
  if (denied !== null) {
    const mode = denyMode(policy, subject, shelves, denied.rules, place)
    return byRules(subject, 'deny', denied, mode)
  }
  if (offSites(policy, subject)) return elsewhere(subject, place)
  const asked = matching(shelves, 'hold', subject)
  if (asked !== null)
    return byRules(subject, 'hold', asked, ruleMode(policy, subject, asked.rules, place))
  return allowOrHold(policy, subject, shelves, place)
}

/** Somewhere else than the policy's sites, where it names any. */
function offSites(policy: Policy, subject: Subject): boolean {
  const { siteGlobs } = policy
  if (siteGlobs === null || within(siteGlobs, subject)) return false
  return subject.twin === null || !within(siteGlobs, subject.twin)
}

/** Decided by hold or deny rules. */
function byRules(
  subject: Subject,
  kind: 'hold' | 'deny',
  { rules, erring }: Matches,
  mode: Mode,
): Decision {
  const clear = rules.find((rule) => !erring.includes(rule))
  const usual = kind === 'deny' ? 'deny-rule' : 'review-gate'
  const made = clear
    ? decision(subject, kind, usual, mode, clear.reason)
    : unsure(subject, kind, mode, rules[0])
  for (const { id } of rules) {
    made.rules.push(id)
    made.wouldNeed.push(`rule \`${id}\` not to match`)
  }
  const tell = rules.find((rule) => rule.tell !== null)?.tell
  if (tell) made.tell = tell
  const suggest = rules.find((rule) => rule.suggest !== null)?.suggest
  if (suggest) made.suggest = suggest
  return made
}

function unsure(
  subject: Subject,
  kind: 'hold' | 'deny',
  mode: Mode,
  rule: Rule | undefined,
): Decision {
  const because = rule?.why ? `: ${rule.why}` : ''
  const counts = `Rule \`${rule?.id ?? ''}\` counts as matched because`
  const missing = missingContext(rule, subject)
  if (missing !== null) {
    const reason = `${counts} \`${missing}\` is not known now${because}`
    return decision(subject, kind, 'context', mode, reason)
  }
  const reason = `${counts} its condition \`${rule?.condition?.source ?? ''}\` could not be evaluated${because}`
  return decision(subject, kind, 'condition-error', mode, reason)
}

/** The mode of deny rules. Where one of them may only be on trial, also that of the hold rules that
 * they outrank counts, so that a trial never loosens what is in force. */
function denyMode(
  policy: Policy,
  subject: Subject,
  shelves: Shelves,
  rules: readonly Rule[],
  place: Mode,
): Mode {
  if (!policy.ruleModes) return place
  const outranked = matching(shelves, 'hold', subject)?.rules ?? []
  return ruleMode(policy, subject, [...rules, ...outranked], place)
}

/** The deciding rules' mode; a trial loosens nothing away from the sites either. */
function ruleMode(policy: Policy, subject: Subject, rules: readonly Rule[], place: Mode): Mode {
  if (!policy.ruleModes) return place
  const mode = modeOf(rules, place, subject)
  return mode === 'observe' && offSites(policy, subject) ? place : mode
}

/** Where the policy names sites, an agent acts nowhere else; anybody else is asked about. */
function elsewhere(subject: Subject, place: Mode): Decision {
  const denied = subject.d.provenance === 'agent'
  const { page } = subject
  const where = page.kind === 'web' ? page.host : subject.d.page.url
  const reason = denied
    ? `An agent acts only on the sites of the policy, and ${where} is not one of them`
    : `${where} is not one of the sites of the policy, so a person decides`
  const made = decision(subject, denied ? 'deny' : 'hold', 'sites', place, reason)
  made.wouldNeed.push('every address of this action to be on one of the `sites`')
  return made
}
