import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Evidence } from '#shared/protocol/link.ts'
import type { Step } from './agent.ts'
import type { Expected } from './plan.ts'
import { readLog, requestSeen, type StepLog } from './step-log.ts'
import type { Received } from './truth.ts'

/** What one step came to, on both sides: the companion's log and the site's server. */
export interface Account {
  step: Omit<Step, 'act'>
  expected: Expected
  /** The log's entries of this step, oldest first. */
  entries: readonly AuditEntry[]
  /** What the server received during the step. */
  received: readonly Received[]
  /** What it had received when the person was asked. */
  early: readonly Received[]
  /** Why the step itself did not get to its end. */
  failure: string | null
}

/** Where the log, the server and the plan disagree, one sentence each; empty where they agree. */
export function disagreements(account: Account): string[] {
  const log = readLog(account.entries)
  return [
    ...(account.failure === null ? [] : [account.failure]),
    ...logProblems(account, log),
    ...serverProblems(account, log),
  ]
}

/** Where the log is not what the plan says. */
function logProblems({ expected, received }: Account, log: StepLog): string[] {
  const [decision] = log.decisions
  const kinds = log.decisions.map(({ kind }) => kind).join(', ')
  const rule = 'rule' in expected ? expected.rule : null
  const noted = (miss: string) =>
    'noted' in expected && received.some((effect) => requestOf(effect) === miss)
  return [
    ...log.misses
      .filter((miss) => !noted(miss))
      .map((miss) => `the log calls a passed click a miss, for ${miss}`),
    ...log.drafts
      .filter((request) => !received.some((effect) => requestOf(effect) === request))
      .map((request) => `the log let ${request} go, which the server never received`),
    ...unless(log.other.length === 0, `the log has unexpected entries: ${log.other.join(', ')}`),
    ...unless(
      log.decisions.length === (expected.course === 'pass' ? 0 : 1),
      `the log has ${log.decisions.length} decisions (${kinds})`,
    ),
    ...unless(
      !decision || decision.kind === kindOf(expected),
      `the decision is ${decision?.kind ?? 'none'}`,
    ),
    ...unless(
      rule === null || decision?.rules.includes(rule) === true,
      `rule \`${rule}\` did not decide`,
    ),
    ...unless(log.verdict === verdictOf(expected), `the log has verdict ${log.verdict ?? 'none'}`),
    ...unless(
      log.releases === (expected.course === 'approve' ? 1 : 0),
      `the log has ${log.releases} releases`,
    ),
  ]
}

/** Where the server received something else than the log and the plan say. */
function serverProblems({ step, expected, ...account }: Account, log: StepLog): string[] {
  const effects = account.received.filter(({ what }) => what !== step.background)
  const early = account.early.filter(({ what }) => what !== step.background)
  const wrong = unless(
    early.length === 0,
    `the server received ${said(early)} before anyone decided`,
  )
  if (expected.course === 'allow' || expected.course === 'approve')
    return [...wrong, ...executedProblems(step, effects, log.outcome)]
  // Drafting is a step of its own, and pointless to show if nothing was written.
  const drafts = expected.course === 'pass' && step.background !== undefined
  return [
    ...wrong,
    ...unless(effects.length === 0, `the server received ${said(effects)}`),
    ...unless(log.outcome === null, 'the log has an outcome of something that was not let go'),
    ...unless(
      !drafts || account.received.length > 0,
      `the server received no ${step.background ?? 'draft'}`,
    ),
  ]
}

function unless(fine: boolean, sentence: string): string[] {
  return fine ? [] : [sentence]
}

/** One effect, the one that was meant, and the request that the log holds as its proof. */
function executedProblems(
  step: Omit<Step, 'act'>,
  effects: readonly Received[],
  outcome: Evidence | null,
): string[] {
  const [effect, ...more] = effects
  if (!effect) return ['the server received nothing']
  if (more.length > 0) return [`the server received ${said(effects)}`]
  const wrong: string[] = []
  if (!matches(effect, step)) wrong.push(`the server received another ${said([effect])}`)
  if (outcome?.outcome !== 'done') wrong.push(`the log has outcome ${outcome?.outcome ?? 'none'}`)
  const proof = outcome?.request && requestSeen(outcome.request)
  if (outcome && proof !== requestOf(effect))
    wrong.push(`the log proves it by ${proof ?? 'no request'}`)
  return wrong
}

function matches(effect: Received, { causes }: Omit<Step, 'act'>): boolean {
  if (causes === null || effect.what !== causes.what) return false
  return Object.entries(causes.details).every(
    ([name, value]) => JSON.stringify(effect.details[name]) === JSON.stringify(value),
  )
}

function kindOf({ course }: Expected): Decision['kind'] {
  return course === 'allow' || course === 'deny' ? course : 'hold'
}

function verdictOf({ course }: Expected): string | null {
  if (course === 'approve') return 'approve'
  return course === 'refuse' ? 'deny' : null
}

/** Effects as a person reads them: `mail sent`, `nothing`. */
export function said(effects: readonly Received[]): string {
  return effects.map(({ what }) => what).join(' + ') || 'nothing'
}

function requestOf({ method, path }: Received): string {
  return `${method} ${path}`
}
