import type { Decision, Pattern } from '#shared/protocol/decision.ts'
import type { Mode } from '#shared/protocol/words.ts'
import type { Subject } from './subject.ts'

/** A Decision with nothing but the essentials; the way back is the one the classifier found. */
export function decision(
  { c, facts }: Subject,
  kind: Decision['kind'],
  pattern: Pattern,
  mode: Mode,
  reason: string,
): Decision {
  const made: Decision = {
    kind,
    rules: [],
    reason,
    pattern,
    mode,
    wouldNeed: [],
    policyVersion: facts.policyVersion,
  }
  if (c.undo !== undefined) made.undo = c.undo
  return made
}
