import { type Context, durably, isoNow, type Signer } from '#companion/core/context.ts'
import type { Refusal } from '#companion/core/hold.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Outcome } from './run-recipe.ts'

/** Who wants what to be undone, and how. */
export interface Undoing {
  /** Under which it was let go. */
  entry: AuditEntry
  recipe: string
  by: Signer
}

/** Keeps an entry for one undo. Written before anything is touched, so that nobody undoes it twice, also
 * not after a crash half-way: then nobody knows how far it came, and a person has to look. */
export async function claim(
  context: Context,
  { entry, recipe, by }: Undoing,
): Promise<{ ok: true } | { ok: false; error: Refusal }> {
  const done = await durably(context, (tx): Refusal | null => {
    if (tx.step(entry.seq) === null)
      return { code: 'not_released', message: `no execute step was let go under \`${entry.id}\`` }
    if (tx.faultsOf(entry.seq).some(({ kind }) => kind === 'undone'))
      return { code: 'already_undone', message: `\`${entry.id}\` was undone already` }
    const begun = tx.setting(keyOf(entry))
    if (begun !== null)
      return {
        code: 'already_undone',
        message: `\`${entry.id}\` began to be undone at ${begun}, and nobody knows how far that came; look at the page itself`,
      }
    const at = isoNow(context)
    tx.putSetting(keyOf(entry), at)
    const body = { audit: entry.id, recipe, state: 'begun', by: by.name, ...fromOf(by) }
    tx.append({ at, kind: 'undo', actor: by.actor, hold: entry.hold, run: entry.run, body })
    return null
  })
  if (!done.ok) return done
  return done.value === null ? { ok: true } : { ok: false, error: done.value }
}

/** Records why it could not be undone. Where nothing was touched it may be tried again. */
export async function giveUp(
  context: Context,
  { entry, recipe, by }: Undoing,
  { did, why, touched }: Outcome,
): Promise<void> {
  // Where even that cannot be written, the entry stays claimed; `durably` has reported it.
  await durably(context, (tx) => {
    if (!touched) tx.putSetting(keyOf(entry), null)
    const body = { audit: entry.id, recipe, state: 'failed', did, why, touched, by: by.name }
    tx.append({
      at: isoNow(context),
      kind: 'undo',
      actor: by.actor,
      hold: entry.hold,
      run: entry.run,
      body: { ...body, ...fromOf(by) },
    })
  })
}

function keyOf({ id }: AuditEntry): string {
  return `undo ${id}`
}

function fromOf({ from }: Signer): { from?: string } {
  return from === undefined ? {} : { from }
}
