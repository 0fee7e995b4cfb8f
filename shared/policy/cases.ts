import * as z from 'zod'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { Action, actionOf } from './action.ts'
import { Case, caseVocabulary } from './case.ts'
import { historyOf, strangeNames } from './case-history.ts'
import { decide } from './decide.ts'
import { showEarning } from './earned.ts'
import { mistakes } from './mistakes.ts'
import type { Facts, Policy } from './policy.ts'
import type { Problem } from './problem.ts'
import { readYaml } from './read-yaml.ts'
import { restrain } from './restrain.ts'

/** Reads the cases of `holdpoint policy test`: a YAML list of what a policy should say. */
export function readCases(
  text: string,
): { ok: true; cases: Case[] } | { ok: false; problems: Problem[] } {
  const read = readYaml(text)
  if (!read.ok) return read
  const parsed = z.array(Case).min(1).safeParse(read.yaml.value)
  if (parsed.success) return { ok: true, cases: parsed.data }
  return { ok: false, problems: mistakes(read.yaml, parsed.error.issues, caseVocabulary) }
}

export interface CaseResult {
  readonly name: string
  readonly pass: boolean
  /** Each word that came out differently: `decision: expected allow, got hold`. */
  readonly differences: readonly string[]
  readonly decision: Decision
}

/** Decides every case. `classify` is asked about descriptors that come without a classification. */
export function runCases(
  policy: Policy,
  cases: readonly Case[],
  facts: Facts,
  classify: (descriptor: Descriptor) => Classification,
): CaseResult[] {
  return cases.map((one) => {
    const decision = decided(policy, one, facts, classify)
    const differences = [...strangeNames(policy, one), ...compare(one, decision)]
    return { name: one.name, pass: differences.length === 0, differences, decision }
  })
}

function decided(
  policy: Policy,
  one: Case,
  facts: Facts,
  classify: (descriptor: Descriptor) => Classification,
): Decision {
  const own = actingOf(one, classify)
  const now = one.now === undefined ? facts.now : Date.parse(one.now)
  const known: Facts = { ...facts, now, context: one.context }
  const { descriptor, classification } = own
  const first = decide(policy, descriptor, classification, known)
  if (!policy.restrains) return first
  const history = historyOf(policy, one, own, known)(first.mode)
  return restrain(policy, first, descriptor, classification, known, history).decision
}

function actingOf(one: Case, classify: (descriptor: Descriptor) => Classification) {
  const short = actionOf(one.action ?? Action.parse({}))
  const descriptor = one.descriptor ?? short.descriptor
  const found = one.descriptor ? classify(one.descriptor) : short.classification
  return { descriptor, classification: one.classification ?? found }
}

function compare(one: Case, got: Decision): string[] {
  const differ = (field: string, wanted: string | undefined, is: string | undefined) =>
    wanted === undefined || wanted === is
      ? []
      : [`${field}: expected ${wanted}, got ${is ?? 'none'}`]
  const contains = (field: string, part: string | undefined, whole: string) =>
    part === undefined || whole.includes(part) ? [] : [`${field}: expected "${part}" in "${whole}"`]
  return [
    ...differ('decision', one.decision, got.kind),
    ...differ('rules', one.rules?.toSorted().join(', '), got.rules.join(', ')),
    ...differ('pattern', one.pattern, got.pattern),
    ...differ('mode', one.mode, got.mode),
    ...contains('reason', one.reason, got.reason),
    ...(one.would_need ?? []).flatMap((part) =>
      contains('would_need', part, got.wouldNeed.join('; ')),
    ),
    ...differ('approver', one.approver, got.approver),
    ...differ('people', one.people?.toString(), String(got.people ?? 1)),
    ...differ('tell', one.tell, got.tell),
    ...differ('suggest', one.suggest, got.suggest),
    ...differ('retry_after', one.retry_after?.toString(), got.retryAfter?.toString()),
    ...differ('batch', one.batch, got.batch),
    ...differ('like', one.like?.toString(), String((got.like ?? []).length > 0)),
    ...contains('earning', one.earning, got.earning ? showEarning(got.earning) : ''),
  ]
}
