import { Capability, Category } from '#shared/protocol/words.ts'
import type { Rule, RuleEffect } from './policy.ts'
import type { Subject } from './subject.ts'
import { lasts } from './until.ts'

/** How a rule met an action. `error`: every field fits, and the condition could not be evaluated. */
export type Match = 'matched' | 'missed' | 'error'

/** Judges one rule by all its fields, cheap ones first, its condition last. */
export function match(rule: Rule, subject: Subject): Match {
  if (expired(rule, subject.facts.now)) return 'missed'
  for (const test of rule.tests) if (!test.passes(subject)) return 'missed'
  if (rule.condition === null) return 'matched'
  const result = rule.condition.evaluate(subject)
  return result === 'error' ? 'error' : result ? 'matched' : 'missed'
}

/** An `until` in the past ends an allow rule, and a hold or deny rule without a mode. Where a hold
 * or deny rule has a mode, its trial ends and the rule itself stays. */
export function expired(rule: Rule, now: number): boolean {
  if (rule.until === null || lasts(rule.until, now)) return false
  if (rule.effect === 'allow') return true
  // An unreadable clock ends no restriction.
  return rule.mode === null && now >= rule.until.end
}

/** Rules of one effect by host, then by capability and category, so that the cost of a decision
 * hardly grows with the number of rules. */
export interface RuleIndex {
  readonly exact: ReadonlyMap<string, Slots>
  readonly suffix: ReadonlyMap<string, Slots>
  /** Rules about any host. */
  readonly anywhere: Slots
  /** Every rule with a `url`, for addresses that do not tell their host. */
  readonly addressed: Slots
}

/** Rules by capability and category, as `slotOf` counts them. */
type List = readonly Rule[]
type Slots = readonly (List | undefined)[]
type Filling = (Rule[] | undefined)[]

const CATEGORIES = Category.options.length
const capabilityAt = new Map<string, number>(Capability.options.map((word, i) => [word, i]))
const categoryAt = new Map<string, number>(Category.options.map((word, i) => [word, i]))

function slotOf(capability: string, category: string): number {
  return (capabilityAt.get(capability) ?? 0) * CATEGORIES + (categoryAt.get(category) ?? 0)
}

export function indexRules(rules: readonly Rule[]): RuleIndex {
  const exact = new Map<string, Filling>()
  const suffix = new Map<string, Filling>()
  const anywhere: Filling = []
  const addressed: Filling = []
  for (const rule of rules) {
    put(rule.urls.length === 0 ? anywhere : addressed, rule)
    for (const { host } of rule.urls)
      if ('exact' in host) put(under(exact, host.exact), rule)
      else if (host.suffix === '') put(anywhere, rule)
      else put(under(suffix, host.suffix), rule)
  }
  return { exact, suffix, anywhere, addressed }
}

function under(map: Map<string, Filling>, host: string): Filling {
  const known = map.get(host) ?? []
  map.set(host, known)
  return known
}

/** A rule that names no capability stands under every one, and so with categories. */
function put(slots: Filling, rule: Rule): void {
  const capabilities = rule.capabilities.length > 0 ? rule.capabilities : Capability.options
  const categories = rule.categories.length > 0 ? rule.categories : Category.options
  for (const capability of capabilities)
    for (const category of categories) {
      const slot = slotOf(capability, category)
      const rules = slots[slot] ?? []
      if (rules[rules.length - 1] !== rule) rules.push(rule)
      slots[slot] = rules
    }
}

/** Rules that may match the action, as lists: by the document's host for allow rules, by the host
 * of any address for the others. A rule may come up twice. */
export function candidates(index: RuleIndex, subject: Subject, effect: RuleEffect): List[] {
  const slot = slotOf(subject.c.capability, subject.c.category)
  const found: List[] = []
  add(found, index.anywhere[slot])
  if (index.exact.size === 0 && index.suffix.size === 0) return found
  for (const to of effect === 'allow' ? [subject.page] : subject.addresses) {
    if (to.kind === 'opaque' && effect !== 'allow') add(found, index.addressed[slot])
    if (to.kind !== 'web') continue
    add(found, index.exact.get(to.host)?.[slot])
    if (index.suffix.size === 0) continue
    for (let dot = to.host.indexOf('.'); dot >= 0; dot = to.host.indexOf('.', dot + 1))
      add(found, index.suffix.get(to.host.slice(dot + 1))?.[slot])
  }
  return found
}

function add(found: List[], rules: List | undefined): void {
  if (rules !== undefined) found.push(rules)
}
