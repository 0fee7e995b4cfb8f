import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Mode } from '#shared/protocol/words.ts'
import { actionOf } from './action.ts'
import type { Case } from './case.ts'
import { decide } from './decide.ts'
import { MemoryHistory } from './memory-history.ts'
import type { Facts, Policy } from './policy.ts'
import { restrain } from './restrain.ts'
import { promotedTerms } from './staged.ts'
import { stepOf } from './step.ts'

interface Acting {
  readonly descriptor: Descriptor
  readonly classification: Classification
}

/** What a case says has happened before, by mode. `own` is the case's own action. */
export function historyOf(
  policy: Policy,
  one: Case,
  own: Acting,
  facts: Facts,
): (mode: Mode) => MemoryHistory {
  const made = new Map<Mode, MemoryHistory>()
  const of = (mode: Mode) => {
    const history = made.get(mode) ?? said(policy, one, facts.now)
    made.set(mode, history)
    return history
  }
  let entries = 0
  for (const before of one.before.toSorted((a, b) => b.ago - a.ago)) {
    const acting = inRun(before.action ? actionOf(before.action) : own, before.run)
    const then = { ...facts, now: facts.now - before.ago }
    for (let time = 0; time < before.times; time++) {
      entries++
      letGo(policy, acting, then, of, `hp_${entries}`)
    }
  }
  return of
}

/** A denied action was never let go, so it does not count. */
function letGo(
  policy: Policy,
  { descriptor: d, classification: c }: Acting,
  facts: Facts,
  of: (mode: Mode) => MemoryHistory,
  audit: string,
): void {
  const decided = decide(policy, d, c, facts)
  const history = of(decided.mode)
  const { decision, promotion } = restrain(policy, decided, d, c, facts, history)
  if (decision.kind === 'deny' || decision.pattern === 'read') return
  if (promotion !== null) history.spend(promotion)
  history.append(stepOf(policy, decision, d, c, facts, audit))
}

function inRun(acting: Acting, run: string | undefined): Acting {
  if (run === undefined) return acting
  const { descriptor } = acting
  return { ...acting, descriptor: { ...descriptor, run: { ...descriptor.run, id: run } } }
}

/** What people and trials have said. */
function said(policy: Policy, one: Case, now: number): MemoryHistory {
  const history = new MemoryHistory()
  for (const [rule, reviews] of Object.entries(one.reviews))
    history.review(rule, policy.byId.get(rule)?.terms ?? '', reviews)
  for (const [recipe, ago] of Object.entries(one.verified)) history.verify(recipe, null, now - ago)
  one.promoted.forEach((action, index) => {
    const { descriptor, classification } = actionOf(action)
    history.promote(promotedTerms(policy, descriptor, classification), `hp_promoted_${index}`)
  })
  return history
}

/** Names in a case that the policy does not have: what they say would not count. */
export function strangeNames(policy: Policy, one: Case): string[] {
  return [
    ...Object.keys(one.reviews)
      .filter((rule) => !policy.byId.get(rule)?.earned)
      .map((rule) => `reviews: no rule \`${rule}\` with \`earned\``),
    ...Object.keys(one.verified)
      .filter((recipe) => !policy.undo.has(recipe))
      .map((recipe) => `verified: no recipe \`${recipe}\``),
    ...Object.keys(one.context)
      .filter((provider) => !policy.context.has(provider))
      .map((provider) => `context: no provider \`${provider}\``),
  ]
}
