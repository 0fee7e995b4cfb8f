import { DAY } from '#shared/policy/duration.ts'
import { promotedTerms, toProduction } from '#shared/policy/staged.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { type Context, durably, isoNow, type Signer } from './context.ts'
import { type Result, refused } from './hold.ts'
import type { Judgement } from './judge.ts'
import { numberOf } from './ledger.ts'
import { textHash } from './past.ts'
import type { Tx } from './ports.ts'
import { judgedIn } from './read-judgement.ts'
import type { StoredPromotion } from './step-ports.ts'

/** How long a promotion is good for. */
export const PROMOTION_MS = 7 * DAY

/** Most steps that are looked through for what was staged, and most promotions that are listed. */
const LOOKED_THROUGH = 5000
const LISTED = 500

/** What was done on staging may be done once on production, on the same terms. Times are ISO 8601. */
export interface Promotion {
  /** Entry that let it go on staging. */
  audit: string
  by: string
  note: string
  at: string
  until: string
  /** Entry that let it go on production. */
  spent: string | null
  revoked: string | null
}

/** An action that was let go on a staging origin. */
export interface Staged {
  entry: AuditEntry
  judgement: Judgement
}

/** What was let go on staging and is not promoted yet, the newest first. */
export async function staged(context: Context, limit: number): Promise<Staged[]> {
  const { sandbox } = context.policy.current()
  if (sandbox.size === 0) return []
  const steps = await context.store.stepsBefore(Number.MAX_SAFE_INTEGER, LOOKED_THROUGH)
  const promoted = await context.store.write(
    (tx) => new Set(steps.filter((seq) => isPromoted(context, tx, `hp_${seq}`))),
  )
  const found: Staged[] = []
  for (const seq of steps) {
    if (found.length >= limit) break
    if (promoted.has(seq)) continue
    const one = await stagedAs(context, `hp_${seq}`)
    if (one) found.push(one)
  }
  return found
}

/** A person promotes what they have reviewed on staging: all of it or none. */
export async function promote(
  context: Context,
  entries: readonly string[],
  by: Signer,
  note: string,
): Promise<Result<{ promotions: Promotion[]; audit: string }>> {
  if (note.trim() === '')
    return refused('note_missing', 'say what was reviewed; it stays in the log')
  const ids = [...new Set(entries)]
  const found: Staged[] = []
  for (const id of ids) {
    const one = await stagedAs(context, id)
    if (!one) return refused('not_staged', `\`${id}\` is no step that was let go on staging`)
    found.push(one)
  }
  type Done = Result<{ promotions: Promotion[]; audit: string }>
  const done = await durably(context, (tx): Done => {
    const before = ids.find((id) => isPromoted(context, tx, id))
    if (before !== undefined)
      return refused('already_promoted', `\`${before}\` was promoted before; nothing was promoted`)
    const failed = ids.find((id) => tx.faultsOf(numberOf(id)).length > 0)
    if (failed !== undefined)
      return refused('not_staged', `\`${failed}\` went wrong on staging; nothing was promoted`)
    const policy = context.policy.current()
    const now = context.ledger.now(tx, context.clock.now())
    const until = now + PROMOTION_MS
    const made = found.map(({ entry, judgement }) => {
      const { descriptor, classification } = judgement
      const terms = textHash(promotedTerms(policy, descriptor, classification))
      const of = { entry: entry.id, terms, by: by.name, note, at: now, until }
      return { ...of, spent: null, revoked: null }
    })
    for (const promotion of made) tx.putPromotion(promotion)
    const body = { change: 'promoted', entries: ids, note, until: iso(until) }
    const audit = record(context, tx, by, body)
    return { ok: true, promotions: made.map(shown), audit }
  })
  return done.ok ? done.value : done
}

/** The newest first. */
export async function promotions(context: Context): Promise<Promotion[]> {
  return (await context.store.promotions(LISTED)).map(shown)
}

/** Takes a promotion back that has not been used. */
export async function revokePromotion(
  context: Context,
  id: string,
  by: Signer,
  reason: string,
): Promise<Result<{ audit: string }>> {
  const done = await durably(context, (tx): Result<{ audit: string }> => {
    const promotion = tx.promotion(id)
    if (!promotion || promotion.revoked !== null)
      return refused('promotion_unknown', `there is no promotion of \`${id}\``)
    if (promotion.spent !== null)
      return refused('promotion_spent', `it was used already, as \`${promotion.spent}\``)
    tx.putPromotion({ ...promotion, revoked: context.clock.now() })
    return {
      ok: true,
      audit: record(context, tx, by, { change: 'revoked', entries: [id], reason }),
    }
  })
  return done.ok ? done.value : done
}

/** The action that was let go as `id` on a staging origin; null where none was. */
async function stagedAs(context: Context, id: string): Promise<Staged | null> {
  const entry = await context.store.entry(id)
  const judgement = entry && (await judgedIn(context.store, entry))
  if (!entry || !judgement) return null
  const { sandbox } = context.policy.current()
  if (toProduction(sandbox, judgement.descriptor) === judgement.descriptor) return null
  const step = await context.store.write((tx) => tx.step(numberOf(id)))
  return step === null || step.mode === 'shadow' ? null : { entry, judgement }
}

/** What was revoked, or was not used in time, may be promoted again. */
function isPromoted(context: Context, tx: Tx, id: string): boolean {
  const promotion = tx.promotion(id)
  if (promotion === null || promotion.revoked !== null) return false
  return promotion.spent !== null || promotion.until > context.clock.now()
}

function record(context: Context, tx: Tx, by: Signer, what: Record<string, unknown>): string {
  const from = by.from === undefined ? {} : { from: by.from }
  const body = { ...what, by: by.name, ...from }
  const { actor } = by
  const at = isoNow(context)
  return tx.append({ at, kind: 'promotion', actor, hold: null, run: null, body }).id
}

function shown(promotion: StoredPromotion): Promotion {
  const { entry, by, note, at, until, spent, revoked } = promotion
  const ended = revoked === null ? null : iso(revoked)
  return { audit: entry, by, note, at: iso(at), until: iso(until), spent, revoked: ended }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
