import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Answer } from '#shared/protocol/link.ts'
import type { Breaker } from './breaker.ts'
import type { Deadlines } from './deadlines.ts'
import type { Refusal } from './hold.ts'
import type { Journal } from './journal.ts'
import type { Ledger } from './ledger.ts'
import type { AskContext, Bus, Clock, Ids, PolicySource, Store, Tx } from './ports.ts'

/** The ports, filled in. */
export interface Ports {
  store: Store
  clock: Clock
  ids: Ids
  policy: PolicySource
  bus: Bus
  classify(d: Descriptor): Classification
  /** Left out where no policy can have context providers. */
  facts?: AskContext | undefined
  /** Told of what went wrong where nobody can be answered. Must not throw. */
  report(error: unknown): void
}

/** What the parts of the pipeline share. */
export interface Context extends Ports {
  journal: Journal
  breaker: Breaker
  ledger: Ledger
  /** Names of the tokens that live runs were started with, by the run's id. */
  starters: Map<string, string>
  deadlines: Deadlines
}

/** Who speaks: the id of the token, and the name that the log uses. */
export interface Asker {
  id: string
  actor: string
}

/** A person who puts their name to something. */
export interface Signer extends Asker {
  /** Of the token. */
  name: string
  /** Address of the peer, where it came over HTTP. */
  from?: string | undefined
}

/** Runs once what `work` wrote is durable, and not at all otherwise. */
export type Later = (run: () => void) => void

/** Runs `work` in one durable write. No durable record, no action: when the write fails, so does the
 * whole, as a value. */
export async function durably<T>(
  context: Context,
  work: (tx: Tx, later: Later) => T,
): Promise<{ ok: true; value: T } | { ok: false; error: Refusal }> {
  const after: (() => void)[] = []
  try {
    const value = await context.journal.write((tx) => work(tx, (run) => after.push(run)))
    for (const run of after) run()
    return { ok: true, value }
  } catch (error) {
    context.report(error)
    const message =
      'the audit log could not be written, so nothing was done; look at `holdpoint status` and try again'
    return { ok: false, error: { code: 'audit_unavailable', message } }
  }
}

export function refusal(error: Refusal): Extract<Answer, { state: 'refused' }> {
  return { state: 'refused', code: error.code, reason: error.message }
}

export function isoNow(context: Context): string {
  return new Date(context.clock.now()).toISOString()
}
