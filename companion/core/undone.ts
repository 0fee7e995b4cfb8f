import { type Context, durably, isoNow, type Signer } from './context.ts'
import { faultOfStep } from './fault.ts'
import { type Result, refused } from './hold.ts'
import { numberOf } from './ledger.ts'
import { textHash } from './past.ts'

/** What was let go as `audit` (a decision's or a release's entry) was taken back; `how` says how, for
 * people. Counts as an error: somebody had to. */
export async function recordUndone(
  context: Context,
  audit: string,
  by: Signer,
  how: string,
): Promise<Result<{ audit: string }>> {
  const done = await durably(context, (tx, later): Result<{ audit: string }> => {
    const step = tx.step(numberOf(audit))
    if (step === null)
      return refused('release_unknown', `no execute step was let go as \`${audit}\``)
    if (tx.faultsOf(step.seq).some(({ kind }) => kind === 'undone'))
      return refused('already_undone', `what was let go as \`${audit}\` was undone before`)
    const ask = tx.askByRelease(audit)
    const entry = tx.append({
      at: isoNow(context),
      kind: 'undone',
      actor: by.actor,
      hold: ask?.hold ?? null,
      run: runOf(step.keys),
      body: {
        audit,
        ...(ask === null ? {} : { requestId: ask.requestId }),
        how,
        by: by.name,
        ...(by.from === undefined ? {} : { from: by.from }),
      },
    })
    faultOfStep(context, tx, later, { audit, kind: 'undone', entry: entry.id })
    return { ok: true, audit: entry.id }
  })
  return done.ok ? done.value : done
}

/** The run that a step's keys name; null where it has none. */
function runOf(keys: readonly string[]): string | null {
  const run = keys.find((key) => key.startsWith('run '))?.slice(4)
  return run === undefined || run === '' ? null : run
}

export interface UndoTried {
  /** Name of the recipe, and all that is in it (`Policy.undo`). */
  recipe: string
  text: string
  ok: boolean
  note: string
}

/** An undo recipe was tried out. One that failed takes an older success away: the recipe is no longer
 * known to work. */
export async function recordTrial(
  context: Context,
  { recipe, text, ok, note }: UndoTried,
  by: Signer,
): Promise<Result<{ audit: string }>> {
  const done = await durably(context, (tx) => {
    const from = by.from === undefined ? {} : { from: by.from }
    const entry = tx.append({
      at: isoNow(context),
      kind: 'undo-trial',
      actor: by.actor,
      hold: null,
      run: null,
      body: { recipe, text: textHash(text), ok, note, by: by.name, ...from },
    })
    const at = context.clock.now()
    tx.putUndoTrial({ recipe, text: textHash(text), at, ok, audit: entry.id })
    return entry.id
  })
  return done.ok ? { ok: true, audit: done.value } : done
}

/** When a recipe was last tried with success, ISO 8601; null where it was not, or has failed since. */
export async function verifiedAt(
  context: Context,
  recipe: string,
  text: string,
): Promise<string | null> {
  const trial = await context.store.write((tx) => tx.undoTrial(recipe, textHash(text)))
  return trial?.ok ? new Date(trial.at).toISOString() : null
}
