import * as z from 'zod/mini'
import { PolicyView } from '#shared/protocol/api.ts'
import { recordTrial } from '../core/undone.ts'
import { client } from './client.ts'
import { Failure } from './failure.ts'
import { filesOf, readState } from './home.ts'
import { startCompanion } from './start-companion.ts'

/** How a trial went. `text` is all of the recipe: what is noted is about this text alone. */
export interface TrialStamp {
  recipe: string
  text: string
  ok: boolean
  /** Where it was tried out. */
  url: string
  did: string[]
  why: string | null
}

const Stamped = z.object({ audit: z.string() })

/** The policy file that counts: the one that is named, that of a running companion, or the home's. */
export async function policyInUse(home: string, named: string | undefined): Promise<string> {
  if (named !== undefined) return named
  if (!readState(home)?.url) return filesOf(home).policy
  return (await client({ home }).call('GET', '/v1/policy', PolicyView)).file
}

/** Notes a trial in the log of this home folder, by the companion that runs there or, where none does,
 * by one that is started for it. Gives the entry's id. */
export async function stampTrial(
  home: string,
  policy: string | undefined,
  stamp: TrialStamp,
): Promise<string> {
  const { recipe, why, ...rest } = stamp
  const body = { ...rest, ...(why === null ? {} : { why }) }
  if (readState(home)?.url) {
    const path = `/v1/undo/${encodeURIComponent(recipe)}/trial`
    return (await client({ home }).call('POST', path, Stamped, body)).audit
  }
  const companion = await startCompanion({ home, policy, port: 0 })
  try {
    const by = { id: 'cli', actor: 'supervisor', name: 'supervisor' }
    const done = await recordTrial(companion.context, trialNote(stamp), by)
    if (!done.ok) throw new Failure('setUp', done.error.code, done.error.message)
    return done.audit
  } finally {
    await companion.stop()
  }
}

function trialNote({ recipe, text, ok, url, did, why }: TrialStamp) {
  const note = `${url}: ${[...did, ...(why === null ? [] : [why])].join('; ')}`
  return { recipe, text, ok, note: note.slice(0, 2000) }
}
