import type { Page } from '@playwright/test'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Step } from './agent.ts'
import type { Account } from './disagreements.ts'
import type { Expected } from './plan.ts'
import type { PracticeSite } from './site.ts'
import { pause, type Supervisor, until } from './supervisor.ts'

export interface Stage {
  page: Page
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
  let failure: string | null = null
  try {
    await step.act(page)
    if (expected.course === 'approve' || expected.course === 'refuse') {
      const ask = async () => (await supervisor.pending()).find(({ id }) => !known.has(id))
      const hold = await until(ask, PATIENCE_MS)
      early = site.truth().length
      if (!hold) throw new Error('nothing was held')
      if (expected.course === 'approve') await supervisor.decide(hold.id, 'approve')
      else await supervisor.decide(hold.id, 'deny', expected.reason)
    }
    const last = lastEntry[expected.course]
    if (last !== null) {
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

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}
