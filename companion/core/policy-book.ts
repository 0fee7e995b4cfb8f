import { createHash } from 'node:crypto'
import { address } from '#shared/policy/address.ts'
import { decide } from '#shared/policy/decide.ts'
import { gateSettings } from '#shared/policy/gate-settings.ts'
import { holdEverything } from '#shared/policy/hold-everything.ts'
import { load } from '#shared/policy/load.ts'
import type { Policy } from '#shared/policy/policy.ts'
import type { Problem } from '#shared/policy/problem.ts'
import { setMode } from '#shared/policy/set-mode.ts'
import { view } from '#shared/policy/view.ts'
import type { PolicyView } from '#shared/protocol/api.ts'
import type { Mode } from '#shared/protocol/words.ts'
import type { PolicySource } from './ports.ts'

export interface PolicyBook extends PolicySource {
  /** Takes a new text of the policy file, null where it cannot be read. A broken one leaves the last
   * good policy in force; where there has never been a good one, everything is held. */
  offer(text: string | null): 'same' | 'loaded' | 'broken'
  /** False while the file is broken. */
  ok(): boolean
  problems(): readonly Problem[]
  text(): string
  mode(): Mode
  view(file: string): PolicyView
  /** Gives up the mode that was asked for at the start: from now on the file's own counts. */
  dropMode(): void
}

/** The policy in force. `mode`, where given, stands in for the file's own global mode. */
export function policyBook(mode: Mode | null = null): PolicyBook {
  let startMode = mode
  let offered: string | null | undefined
  let text = ''
  let policy: Policy = holdEverything
  let version = versionOf('')
  let problems: readonly Problem[] = []

  const effective = (source: string): string => {
    if (startMode === null) return source
    const set = setMode(source, null, startMode)
    return set.ok ? set.text : source
  }
  return {
    offer(next) {
      if (next === offered) return 'same'
      offered = next
      if (next === null) {
        problems = [unreadable]
        return 'broken'
      }
      const loaded = load(effective(next))
      if (!loaded.ok) {
        problems = loaded.problems
        return 'broken'
      }
      policy = loaded.policy
      text = next
      version = versionOf(effective(next))
      problems = []
      return 'loaded'
    },
    dropMode() {
      startMode = null
      offered = undefined
    },
    ok: () => problems.length === 0,
    problems: () => problems,
    text: () => text,
    mode: () => view(policy).mode,
    version: () => version,
    expiry: () => policy.holds.expireMs,
    decide: (d, c, now) => decide(policy, d, c, { now, policyVersion: version }),
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
