import type { Classification } from '#shared/protocol/classification.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Mode } from '#shared/protocol/words.ts'
import { decision } from './decision.ts'
import { candidates, match } from './match.ts'
import { modeAt, modeOf } from './mode.ts'
import { mayCollapse } from './never-collapse.ts'
import type { Facts, Policy, Rule, RuleEffect } from './policy.ts'
import { isRead, type Subject, subject as subjectOf, within } from './subject.ts'
import { type Missed, whyHeld } from './why-held.ts'

/** What the policy says of one action. Pure: the same four values always give the same Decision.
 * deny > hold > allow, whatever the order of the rules; what no rule allows is held; a `read`
 * passes. Never throws, and whatever is unsure is held or denied, never allowed. */
export function decide(policy: Policy, d: Descriptor, c: Classification, facts: Facts): Decision {
  const subject = subjectOf(d, c, facts)
  const place = modeAt(policy, subject)
  if (isRead(c)) return decision(subject, 'allow', 'read', place, READ)
  if (policy.broken !== null)
    return held(policy, decision(subject, 'hold', 'policy-broken', place, policy.broken), c)
  const denied = matching(policy, 'deny', subject)
  if (denied.length > 0) return byRules(policy, subject, denied, place)
  if (offSites(policy, subject)) return elsewhere(policy, subject, place)
  const asked = matching(policy, 'hold', subject)
  if (asked.length > 0) return byRules(policy, subject, asked, place)
  return allowedOrHeld(policy, subject, place)
}

const READ = 'Reading changes nothing, so it passes'

/** Somewhere else than the policy's sites, where it names any. */
function offSites(policy: Policy, subject: Subject): boolean {
  return policy.siteGlobs !== null && !within(policy.siteGlobs, subject)
}

/** A rule that decided, and whether only because its condition could not be evaluated. */
interface Match {
  readonly rule: Rule
  readonly error: boolean
}

/** Hold or deny rules that match, an erring condition included, each once, by id. */
function matching(policy: Policy, effect: RuleEffect, subject: Subject): readonly Match[] {
  const found: Match[] = []
  for (const rules of candidates(policy.index[effect], subject, effect))
    for (const rule of rules) {
      const result = match(rule, subject)
      if (result !== 'missed') found.push({ rule, error: result === 'error' })
    }
  return sorted(found)
}

function sorted(matches: Match[]): readonly Match[] {
  if (matches.length < 2) return matches
  const byId = new Map(matches.map((each) => [each.rule.id, each]))
  return [...byId.values()].sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1))
}

/** Decided by hold or deny rules. */
function byRules(
  policy: Policy,
  subject: Subject,
  matches: readonly Match[],
  place: Mode,
): Decision {
  const [rules, clear] = [matches.map(({ rule }) => rule), matches.find(({ error }) => !error)]
  const first = clear ?? matches[0]
  const kind = rules[0]?.effect === 'deny' ? 'deny' : 'hold'
  const usual = kind === 'deny' ? 'deny-rule' : 'review-gate'
  const mode = trialMode(policy, subject, rules, place)
  const reason = first ? reasonOf(first) : ''
  const made = {
    ...decision(subject, kind, clear ? usual : 'condition-error', mode, reason),
    rules: rules.map(({ id }) => id),
    wouldNeed: matches.map(({ rule }) => `rule \`${rule.id}\` not to match`),
  }
  const tell = rules.find((rule) => rule.tell !== null)?.tell
  if (tell) made.tell = tell
  return held(policy, made, subject.c)
}

/** The deciding rules' mode; where one of them may only be on trial, also that of the hold rules
 * that a deny rule outranks, of an unlisted site, so that a trial never loosens what is in force. */
function trialMode(policy: Policy, subject: Subject, rules: readonly Rule[], place: Mode): Mode {
  if (!policy.ruleModes) return place
  const denied = rules[0]?.effect === 'deny'
  const also = denied ? matching(policy, 'hold', subject).map(({ rule }) => rule) : []
  const mode = modeOf([...rules, ...also], place, subject)
  return mode === 'observe' && offSites(policy, subject) ? place : mode
}

function reasonOf({ rule, error }: Match): string {
  const because = rule.why === null ? '' : `: ${rule.why}`
  if (!error) return `Rule \`${rule.id}\` ${rule.says}${because}`
  return `Rule \`${rule.id}\` counts as matched because its condition \`${rule.condition?.source ?? ''}\` could not be evaluated${because}`
}

/** Where the policy names sites, an agent acts nowhere else; anybody else is asked about. */
function elsewhere(policy: Policy, subject: Subject, place: Mode): Decision {
  const denied = subject.d.provenance === 'agent'
  const { page } = subject
  const where = page.kind === 'web' ? page.host : subject.d.page.url
  const reason = denied
    ? `An agent acts only on the sites of the policy, and ${where} is not one of them`
    : `${where} is not one of the sites of the policy, so a person decides`
  const made = decision(subject, denied ? 'deny' : 'hold', 'sites', place, reason)
  return held(
    policy,
    { ...made, wouldNeed: ['every address of this action to be on one of the `sites`'] },
    subject.c,
  )
}

function allowedOrHeld(policy: Policy, subject: Subject, place: Mode): Decision {
  const allowed: Match[] = []
  const missed: Missed = { unacknowledged: [], erring: [] }
  const { c } = subject
  for (const rules of candidates(policy.index.allow, subject, 'allow'))
    for (const rule of rules) {
      const result = match(rule, subject)
      if (result === 'error') missed.erring.push(rule)
      if (result !== 'matched') continue
      if (mayCollapse(c.category, rule.acknowledge)) allowed.push({ rule, error: false })
      else missed.unacknowledged.push(rule)
    }
  const [first, ...others] = sorted(allowed)
  if (first === undefined) return held(policy, whyHeld(policy, subject, missed, place), c)
  const rules = [first, ...others].map(({ rule }) => rule)
  const pattern = rules.some(({ reversibleOnly }) => !reversibleOnly)
    ? 'allow-list'
    : 'reversible-only'
  const mode = policy.ruleModes ? modeOf(rules, place, subject) : place
  const made = decision(subject, 'allow', pattern, mode, reasonOf(first))
  const undo = rules.find((rule) => rule.undo !== null)?.undo
  return { ...made, rules: rules.map(({ id }) => id), ...(undo ? { undo } : {}) }
}

/** Adds who has to approve, where it is a person's to decide and the policy names a role. */
function held(policy: Policy, made: Decision, c: Classification): Decision {
  const approver = policy.approvers[c.category]
  return made.kind === 'hold' && approver !== undefined ? { ...made, approver } : made
}
