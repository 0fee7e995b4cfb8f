import type { Page } from '@playwright/test'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Step } from './agent.ts'
import type { Account } from './disagreements.ts'
import type { Expected } from './plan.ts'
import type { PracticeSite } from './site.ts'
import { pause, type Supervisor, until } from './supervisor.ts'

export interface Stage {
  page: Page
  /** Behind the gateway a held click waits, and a denied one throws; behind the extension it seems to
   * be done at once. */
  door: 'extension' | 'gateway'
  site: Pick<PracticeSite, 'truth'>
  supervisor: Supervisor
}

/** Up to where both sides are accounted for: number of a log entry, count of requests received. */
export interface Mark {
  entry: number
  request: number
}

/** How long to wait for what should come: a hold, an outcome. */
const PATIENCE_MS = 8_000

/** How long to wait for what should not come: a late request, a late entry. */
const SETTLE_MS = 250

/** Lets the agent do one step, answers the hold as the plan says, and collects what both sides say.
 * What comes late from an earlier step counts as this one's: nothing goes uncounted. */
export async function playStep(
  stage: Stage,
  step: Step,
  expected: Expected,
  from: Mark,
): Promise<Account> {
  const { page, site, supervisor } = stage
  const known = new Set((await supervisor.pending()).map(({ id }) => id))
  const entries = () => supervisor.entriesAfter(from.entry)
  let early = from.request
  const acting = step.act(page).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  let failure: string | null = null
  try {
    if (expected.course === 'approve' || expected.course === 'refuse') {
      const ask = async () => (await supervisor.pending()).find(({ id }) => !known.has(id))
      const hold = await until(ask, PATIENCE_MS)
      early = site.truth().length
      if (!hold) throw new Error((await acting) ?? 'nothing was held')
      if (expected.course === 'approve') await supervisor.decide(hold.id, 'approve')
      else await supervisor.decide(hold.id, 'deny', expected.reason)
    }
    failure = wrongly(stage, expected, await acting)
    const last = lastEntry[expected.course]
    if (last !== null && failure === null) {
      await until(async () => (await entries()).find(({ kind }) => kind === last), PATIENCE_MS)
      await page.waitForLoadState()
    }
  } catch (error) {
    failure = error instanceof Error ? firstLine(error.message) : String(error)
  }
  await pause(SETTLE_MS)
  return {
    step,
    expected,
    entries: await entries(),
    received: site.truth().slice(from.request),
    early: site.truth().slice(from.request, early),
    failure,
  }
}

/** The entry with which the log of a step is complete. */
const lastEntry = {
  pass: null,
  allow: 'outcome',
  approve: 'outcome',
  deny: 'decision',
  refuse: 'verdict',
} as const satisfies Record<Expected['course'], AuditEntry['kind'] | null>

/** What is wrong with how the step ended for the agent, if anything: `told` is what it was told. A
 * denial has to reach it, with its reason; everything else has to end well. */
function wrongly({ door }: Stage, expected: Expected, told: string | null): string | null {
  const denied = expected.course === 'deny' || expected.course === 'refuse'
  if (door === 'extension' || !denied) return told === null ? null : firstLine(told)
  if (told === null) return 'the agent was not told that it was denied'
  if (!told.includes('Holdpoint denied')) return firstLine(told)
  const reason = expected.course === 'refuse' ? expected.reason : expected.rule
  return told.includes(reason) ? null : `the agent was not told why: ${told}`
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}
