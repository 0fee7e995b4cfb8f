import * as z from 'zod'
import { Classification } from '#shared/protocol/classification.ts'
import { Decision, Pattern } from '#shared/protocol/decision.ts'
import { Descriptor } from '#shared/protocol/descriptor.ts'
import { Mode } from '#shared/protocol/words.ts'
import { Action, actionOf } from './action.ts'
import { decide } from './decide.ts'
import { mistakes, type Vocabulary } from './mistakes.ts'
import type { Facts, Policy } from './policy.ts'
import type { Problem } from './problem.ts'
import { readYaml } from './read-yaml.ts'

/** What a case may expect; each word that is there is checked. */
const Expected = {
  decision: Decision.shape.kind,
  rules: z.array(z.string()).optional(),
  pattern: z.enum(Pattern.options).optional(),
  mode: z.enum(Mode.options).optional(),
  /** Part of the reason. */
  reason: z.string().optional(),
  /** Parts of what would be needed, all of them. */
  would_need: z.array(z.string()).optional(),
  approver: z.string().optional(),
  tell: z.string().optional(),
}

const Case = z
  .strictObject({
    name: z.string().min(1),
    action: Action.optional(),
    descriptor: z.optional(Descriptor),
    classification: z.optional(Classification),
    now: z.iso.datetime().optional(),
    ...Expected,
  })
  .refine((one) => (one.action === undefined) !== (one.descriptor === undefined), {
    error: 'a case has either an `action` or a `descriptor`',
  })
export type Case = z.infer<typeof Case>

const vocabulary: Vocabulary = {
  known: { '': Object.keys(Case.shape), action: Object.keys(Action.shape) },
  later: {},
}

/** Reads the cases of `holdpoint policy test`: a YAML list of what a policy should say. */
export function readCases(
  text: string,
): { ok: true; cases: Case[] } | { ok: false; problems: Problem[] } {
  const read = readYaml(text)
  if (!read.ok) return read
  const parsed = z.array(Case).min(1).safeParse(read.yaml.value)
  if (parsed.success) return { ok: true, cases: parsed.data }
  return { ok: false, problems: mistakes(read.yaml, parsed.error.issues, vocabulary) }
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
    const { descriptor, classification } = subjectOf(one, classify)
    const now = one.now === undefined ? facts.now : Date.parse(one.now)
    const decision = decide(policy, descriptor, classification, { ...facts, now })
    const differences = compare(one, decision)
    return { name: one.name, pass: differences.length === 0, differences, decision }
  })
}

function subjectOf(one: Case, classify: (descriptor: Descriptor) => Classification) {
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
    ...differ('tell', one.tell, got.tell),
  ]
}
