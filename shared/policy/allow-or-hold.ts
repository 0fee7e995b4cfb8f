import type { Decision } from '#shared/protocol/decision.ts'
import type { Mode } from '#shared/protocol/words.ts'
import { allowedBy } from './allowed.ts'
import { decision } from './decision.ts'
import { matchFound } from './match.ts'
import { sorted } from './matching.ts'
import { modeOf } from './mode.ts'
import { mayCollapse } from './never-collapse.ts'
import type { Policy, Rule } from './policy.ts'
import { candidates, type Shelves } from './rule-index.ts'
import type { Subject } from './subject.ts'
import { type Missed, whyHeld } from './why-held.ts'

/** Decides what no deny or hold rule is about: allowed by the allow rules that match, else held. */
export function allowOrHold(
  policy: Policy,
  subject: Subject,
  shelves: Shelves,
  place: Mode,
): Decision {
  const allowed: Rule[] = []
  const missed: Missed = { unacknowledged: [], erring: [] }
  const offered = candidates(shelves, 'allow')
  judge(offered, subject, allowed, missed)
  const { twin } = subject
  const there = twin === null || shelves.twin === null ? null : candidates(shelves.twin, 'allow')
  if (twin !== null && there !== null) judge(there, twin, allowed, missed)
  const rules = sorted(allowed)
  const [first] = rules
  if (first === undefined) return whyHeld(there ?? offered, twin ?? subject, missed, place)
  const mode = policy.ruleModes ? modeOf(rules, place, subject) : place
  if (policy.phase !== 'expanded') return inPhase(policy.phase, subject, rules, mode)
  return allowedBy(first, rules, subject, mode)
}

function judge(offered: readonly Rule[], subject: Subject, allowed: Rule[], missed: Missed): void {
  for (const rule of offered) {
    const result = matchFound(rule, subject)
    if (result === 'error') missed.erring.push(rule)
    if (result !== 'matched') continue
    if (mayCollapse(subject.c.category, rule.acknowledge)) allowed.push(rule)
    else missed.unacknowledged.push(rule)
  }
}

/** Early in a roll-out few rules, or none, let things go ahead. The hold names those that would, so
 * that a person's verdict counts as a review of them. */
function inPhase(
  phase: Policy['phase'],
  subject: Subject,
  rules: readonly Rule[],
  mode: Mode,
): Decision {
  const open =
    phase === 'assisted' ? [] : rules.filter((rule) => rule.reversibleOnly || rule.earned !== null)
  const [first] = open
  if (first !== undefined) return allowedBy(first, open, subject, mode)
  const id = rules[0]?.id ?? ''
  const why =
    phase === 'assisted'
      ? `In phase \`assisted\` a person decides about every execute step, also about what rule \`${id}\` would allow`
      : `In phase \`selective\` a rule lets go only what can be undone or what it has earned, and rule \`${id}\` asks for neither, so a person decides`
  const made = decision(subject, 'hold', 'phase', mode, why)
  for (const rule of rules) made.rules.push(rule.id)
  const early = rules.some((rule) => rule.reversibleOnly || rule.earned !== null)
  made.wouldNeed.push(`\`phase: ${early ? 'selective' : 'expanded'}\` in the policy`)
  return made
}
