import { matchFound } from './match.ts'
import type { Rule, RuleEffect } from './policy.ts'
import { candidates, type Shelves } from './rule-index.ts'
import type { Subject } from './subject.ts'

/** Rules that matched, in order of id. */
export interface Matches {
  readonly rules: readonly Rule[]
  /** Those that count as matched only because their condition could not be evaluated. */
  readonly erring: readonly Rule[]
}

/** Hold or deny rules that match an action or its twin on production, an erring condition included;
 * null where there are none. */
export function matching(shelves: Shelves, effect: RuleEffect, subject: Subject): Matches | null {
  const own = matched(shelves, effect, subject)
  if (subject.twin === null || shelves.twin === null) return own
  return together(own, matched(shelves.twin, effect, subject.twin))
}

function matched(shelves: Shelves, effect: RuleEffect, subject: Subject): Matches | null {
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

function together(one: Matches | null, other: Matches | null): Matches | null {
  if (one === null || other === null) return one ?? other
  const clear = [one, other].flatMap(({ rules, erring }) =>
    rules.filter((rule) => !erring.includes(rule)),
  )
  return {
    rules: sorted([...one.rules, ...other.rules]),
    erring: [...one.erring, ...other.erring].filter((rule) => !clear.includes(rule)),
  }
}

/** Each rule once, in order of id. A list of the index is so already; several of them may not be. */
export function sorted(rules: Rule[]): readonly Rule[] {
  let last = ''
  for (const { id } of rules) {
    if (id <= last) return [...new Set(rules)].sort((a, b) => (a.id < b.id ? -1 : 1))
    last = id
  }
  return rules
}
