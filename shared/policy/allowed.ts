import type { Decision } from '#shared/protocol/decision.ts'
import type { Mode } from '#shared/protocol/words.ts'
import { decision } from './decision.ts'
import type { Rule } from './policy.ts'
import type { Subject } from './subject.ts'

/** Allowed by these rules, which are in order of id. */
export function allowedBy(
  first: Rule,
  rules: readonly Rule[],
  subject: Subject,
  mode: Mode,
): Decision {
  const careful = rules.every(({ reversibleOnly }) => reversibleOnly)
  const pattern = careful ? 'reversible-only' : 'allow-list'
  const made = decision(subject, 'allow', pattern, mode, first.reason)
  for (const { id } of rules) made.rules.push(id)
  const undo = rules.find((rule) => rule.undo !== null)?.undo
  if (undo) made.undo = undo
  return made
}
