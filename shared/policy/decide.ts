import type { Classification } from '#shared/protocol/classification.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Mode } from '#shared/protocol/words.ts'
import { decision } from './decision.ts'
import { matchFound } from './match.ts'
import { modeAt, modeOf } from './mode.ts'
import { mayCollapse } from './never-collapse.ts'
import type { Facts, Policy, Rule, RuleEffect } from './policy.ts'
import { candidates, type Shelves, shelvesFor } from './rule-index.ts'
import { isRead, Subject, within } from './subject.ts'
import { type Missed, whyHeld } from './why-held.ts'

/** What the policy says of one action. Pure: the same four values always give the same Decision.
 * deny > hold > allow, whatever the order of the rules; what no rule allows is held; a `read`
 * passes. Never throws, and whatever is unsure is held or denied, never allowed. */
export function decide(policy: Policy, d: Descriptor, c: Classification, facts: Facts): Decision {
  const subject = new Subject(d, c, facts)
  const place = modeAt(policy, subject)
  if (isRead(c)) return decision(subject, 'allow', 'read', place, READ)
  const made = decideStep(policy, subject, place)
  // Who has to approve, where it is a person's to decide and the policy names a role.
  const approver = policy.approvers[c.category]
  if (made.kind === 'hold' && approver !== undefined) made.approver = approver
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
  return allowedOrHeld(policy, subject, shelves, place)
}

/** Somewhere else than the policy's sites, where it names any. */
function offSites(policy: Policy, subject: Subject): boolean {
  return policy.siteGlobs !== null && !within(policy.siteGlobs, subject)
}

/** Rules that matched, in order of id. */
interface Matches {
  readonly rules: readonly Rule[]
  /** Those that count as matched only because their condition could not be evaluated. */
  readonly erring: readonly Rule[]
}

/** Hold or deny rules that match, an erring condition included; null where there are none. */
function matching(shelves: Shelves, effect: RuleEffect, subject: Subject): Matches | null {
  const offered = candidates(shelves, effect)
  if (offered.length === 0) return null
  const found: Rule[] = []
  const erring: Rule[] = []
  for (const rule of offered) {
    const result = matchFound(rule, subject)
    if (result !== 'missed') found.push(rule)
    if (result === 'error') erring.push(rule)
  }
  return found.length === 0 ? null : { rules: sorted(found), erring }
}

/** Each rule once, in order of id. A list of the index is so already; several of them may not be. */
function sorted(rules: Rule[]): readonly Rule[] {
  let last = ''
  for (const { id } of rules) {
    if (id <= last) return [...new Set(rules)].sort((a, b) => (a.id < b.id ? -1 : 1))
    last = id
  }
  return rules
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
  const reason = clear === undefined ? unsure(rules[0]) : clear.reason
  const made = decision(subject, kind, clear ? usual : 'condition-error', mode, reason)
  for (const { id } of rules) {
    made.rules.push(id)
    made.wouldNeed.push(`rule \`${id}\` not to match`)
  }
  const tell = rules.find((rule) => rule.tell !== null)?.tell
  if (tell) made.tell = tell
  return made
}

function unsure(rule: Rule | undefined): string {
  const because = rule?.why ? `: ${rule.why}` : ''
  return `Rule \`${rule?.id ?? ''}\` counts as matched because its condition \`${rule?.condition?.source ?? ''}\` could not be evaluated${because}`
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

function allowedOrHeld(policy: Policy, subject: Subject, shelves: Shelves, place: Mode): Decision {
  const allowed: Rule[] = []
  const missed: Missed = { unacknowledged: [], erring: [] }
  const offered = candidates(shelves, 'allow')
  for (const rule of offered) {
    const result = matchFound(rule, subject)
    if (result === 'error') missed.erring.push(rule)
    if (result !== 'matched') continue
    if (mayCollapse(subject.c.category, rule.acknowledge)) allowed.push(rule)
    else missed.unacknowledged.push(rule)
  }
  const rules = sorted(allowed)
  const [first] = rules
  if (first === undefined) return whyHeld(offered, subject, missed, place)
  const mode = policy.ruleModes ? modeOf(rules, place, subject) : place
  const careful = rules.every(({ reversibleOnly }) => reversibleOnly)
  const pattern = careful ? 'reversible-only' : 'allow-list'
  const made = decision(subject, 'allow', pattern, mode, first.reason)
  for (const { id } of rules) made.rules.push(id)
  const undo = rules.find((rule) => rule.undo !== null)?.undo
  if (undo) made.undo = undo
  return made
}
