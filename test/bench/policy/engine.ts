import type { BenchRequest, BenchRule } from './rules.ts'

/** Allowed iff some permit matches and no forbid does. */
export interface Verdict {
  readonly allowed: boolean
  /** Ids of the rules that decide: every forbid that matches, else every permit that does. Null from
   * an engine that names one of them at most. */
  readonly rules: readonly string[] | null
}

export type Judge = () => Verdict | Promise<Verdict>

/** An engine with its rules loaded: gives the judging of one request. What is measured begins with the
 * address as text; ours has the rest as a Descriptor, the shape in which every request arrives. */
export type Engine = (request: BenchRequest) => Judge

/** Brings the bench's rules into an engine's own words. */
export interface Adapter {
  readonly name: string
  /** `name@version` on the registry; null where nothing has to be installed. */
  readonly needs: string | null
  load(rules: readonly BenchRule[]): Engine | Promise<Engine>
}

/** A rule in the form in which an engine can evaluate it. */
interface Compiled<T> {
  readonly id: string
  readonly test: T
}

/** Forbids and permits apart: permits are asked only where no forbid matches. */
export function byEffect<T>(rules: readonly BenchRule[], compile: (rule: BenchRule) => T) {
  const of = (effect: BenchRule['effect']): Compiled<T>[] =>
    rules
      .filter((rule) => rule.effect === effect)
      .map((rule) => ({ id: rule.id, test: compile(rule) }))
  return { denies: of('deny'), allows: of('allow') }
}

/** One rule after the other. */
export function linearly<T>(
  { denies, allows }: ReturnType<typeof byEffect<T>>,
  matches: (test: T) => boolean,
): Verdict {
  const denied = matching(denies, matches)
  if (denied.length > 0) return { allowed: false, rules: denied }
  const allowed = matching(allows, matches)
  return { allowed: allowed.length > 0, rules: allowed }
}

function matching<T>(rules: readonly Compiled<T>[], matches: (test: T) => boolean): string[] {
  const found: string[] = []
  for (const { id, test } of rules) if (matches(test)) found.push(id)
  return found
}
