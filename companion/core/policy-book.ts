import { createHash } from 'node:crypto'
import { address } from '#shared/policy/address.ts'
import { decide } from '#shared/policy/decide.ts'
import { gateSettings } from '#shared/policy/gate-settings.ts'
import { holdEverything } from '#shared/policy/hold-everything.ts'
import { load } from '#shared/policy/load.ts'
import { loadPeople } from '#shared/policy/load-people.ts'
import type { Policy } from '#shared/policy/policy.ts'
import type { Problem } from '#shared/policy/problem.ts'
import { setMode } from '#shared/policy/set-mode.ts'
import { view } from '#shared/policy/view.ts'
import type { PolicyView } from '#shared/protocol/api.ts'
import type { Mode } from '#shared/protocol/words.ts'
import { CEILINGS, ceilingsText, evidenceProblem, readCeilings } from './kept-ceilings.ts'
import type { PolicySource, Tx } from './ports.ts'
import { beginReviews } from './review.ts'

export interface PolicyBook extends PolicySource {
  /** Takes a new text of the policy file, null where it cannot be read. A broken one leaves the last
   * good policy in force; where there has never been a good one, everything is held. */
  offer(text: string | null): 'same' | 'loaded' | 'broken'
  /** False while the file is broken. */
  ok(): boolean
  problems(): readonly Problem[]
  text(): string
  mode(): Mode
  /** Stores what a later version is compared with, where a version that was taken is recorded. `at` is
   * the time, ISO 8601. */
  keep(tx: Tx, at: string): void
  /** A file beside the policy's own that is part of it, as it is written there; null without one. */
  beside(): string | null
  view(file: string): PolicyView
  /** Gives up the mode that was asked for at the start: from now on the file's own counts. */
  dropMode(): void
}

export interface PolicyBookOptions {
  /** Ceilings that were in force before the restart, as `keep` stored them. */
  ceilings?: string | null
  /** Text of a file that the policy names, by its path as written there; null where it cannot be read.
   * Without it no such file can. */
  readBeside?(file: string): string | null
}

/** The policy in force. `mode`, where given, stands in for the file's own global mode. */
export function policyBook(
  mode: Mode | null = null,
  { ceilings: kept = null, readBeside = () => null }: PolicyBookOptions = {},
): PolicyBook {
  let startMode = mode
  let offered: string | null | undefined
  let peopleFile: string | null = null
  let beside: string | null = null
  let accepted = readCeilings(kept)
  let text = ''
  let policy: Policy = holdEverything
  let version = versionOf('')
  let problems: readonly Problem[] = []

  const effective = (source: string): string => {
    if (startMode === null) return source
    const set = setMode(source, null, startMode)
    return set.ok ? set.text : source
  }

  /** The policy as it would be in force, with what stands in other files. */
  const read = (next: string | null): ReturnType<typeof load> => {
    if (next === null) return { ok: false, problems: [unreadable] }
    const loaded = load(effective(next))
    if (!loaded.ok) return loaded
    const widened = accepted && evidenceProblem(accepted, loaded.policy.ceilings, next)
    if (widened) return { ok: false, problems: [widened] }
    peopleFile = loaded.policy.peopleFile
    beside = peopleFile === null ? null : readBeside(peopleFile)
    if (peopleFile === null) return loaded
    const listed = loadPeople(peopleFile, beside, loaded.policy.approvers)
    return listed.ok ? { ok: true, policy: { ...loaded.policy, people: listed.people } } : listed
  }
  return {
    offer(next) {
      const people = peopleFile === null ? null : readBeside(peopleFile)
      if (next === offered && people === beside) return 'same'
      offered = next
      const loaded = read(next)
      if (!loaded.ok) {
        problems = loaded.problems
        return 'broken'
      }
      policy = loaded.policy
      accepted = policy.ceilings
      text = next ?? ''
      version = versionOf(effective(text) + (beside ?? ''))
      problems = []
      return 'loaded'
    },
    keep(tx, at) {
      if (policy.broken !== null) return
      tx.putSetting(CEILINGS, ceilingsText(text))
      beginReviews(tx, policy, at)
    },
    beside: () => peopleFile,
    dropMode() {
      startMode = null
      offered = undefined
    },
    ok: () => problems.length === 0,
    problems: () => problems,
    text: () => text,
    mode: () => view(policy).mode,
    current: () => policy,
    version: () => version,
    expiry: (batch) => (batch ? policy.holds.batchMs : policy.holds.expireMs),
    decide: (d, c, now, context) =>
      decide(policy, d, c, { now, policyVersion: version, ...(context ? { context } : {}) }),
    sideEffects: (url) => {
      const to = address(url)
      return to.kind === 'web' && policy.sideEffects.some((glob) => glob.lenient(to))
    },
    sideEffectPatterns: () => policy.sideEffects.map(({ text }) => text),
    settings: (now) => gateSettings(policy, { now, policyVersion: version }),
    view: (file) => ({
      file,
      // While the file is broken the person needs to see what is broken, not what was good.
      text: problems.length > 0 && typeof offered === 'string' ? offered : text,
      version,
      ...view(policy),
      problems: problems.map(({ message, line, column }) => ({ message, line, column })),
    }),
  }
}

const unreadable: Problem = {
  code: 'unreadable',
  message: 'the policy file cannot be read; the policy before it stays in force',
  line: 1,
  column: 1,
}

/** SHA-256 of the text that decides. */
export function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
