import { earningOf } from '#shared/policy/earned.ts'
import type { Policy, Rule } from '#shared/policy/policy.ts'
import type { Earning } from '#shared/protocol/decision.ts'
import { type Context, durably, isoNow, type Signer } from './context.ts'
import { type Result, refused } from './hold.ts'
import { past, textHash } from './past.ts'
import type { Tx } from './ports.ts'

/** How far a rule has come with earning its effect. */
export interface RuleEarned extends Earning {
  /** A person has said that it may go by itself, on the terms it has now. */
  accepted: boolean
  /** It allows now. */
  allowed: boolean
}

/** Every rule of the policy that has to earn its effect. */
export async function earnedNow(context: Context): Promise<RuleEarned[]> {
  const policy = context.policy.current()
  const rules = policy.rules.filter(({ earned }) => earned !== null)
  if (rules.length === 0) return []
  return await context.store.write((tx) =>
    rules.flatMap((rule) => earnedBy(context, tx, policy, rule) ?? []),
  )
}

/** A person lets a rule go by itself that has earned it. It falls back where more goes wrong than the
 * rule allows, and where its terms change. */
export async function acceptEarned(
  context: Context,
  id: string,
  by: Signer,
  note: string,
): Promise<Result<{ audit: string }>> {
  if (note.trim() === '') return refused('note_missing', 'say why it may; it stays in the log')
  const done = await durably(context, (tx): Result<{ audit: string }> => {
    const policy = context.policy.current()
    const rule = policy.byId.get(id)
    const now = rule ? earnedBy(context, tx, policy, rule) : null
    if (!rule || !now)
      return refused('rule_unknown', `there is no rule \`${id}\` that has to earn its effect`)
    if (!now.proposed) {
      const why = now.allowed
        ? 'allows already'
        : `has ${now.reviews} of ${now.of} reviews and ${now.errors} errors`
      return refused('not_earned', `rule \`${id}\` ${why}; there is nothing to accept`)
    }
    const { reviews, of, errors } = now
    const from = by.from === undefined ? {} : { from: by.from }
    const entry = tx.append({
      at: isoNow(context),
      kind: 'earned',
      actor: by.actor,
      hold: null,
      run: null,
      body: { change: 'accepted', rule: id, note, by: by.name, ...from, reviews, of, errors },
    })
    tx.putReview({
      audit: entry.id,
      rule: id,
      terms: textHash(rule.terms),
      seq: entry.seq,
      at: context.ledger.now(tx, context.clock.now()),
      result: 'accepted',
    })
    return { ok: true, audit: entry.id }
  })
  context.bus.publish({ event: 'status' })
  return done.ok ? done.value : done
}

function earnedBy(context: Context, tx: Tx, policy: Policy, rule: Rule): RuleEarned | null {
  const now = context.ledger.now(tx, context.clock.now())
  const of = { policy, mode: 'enforce', run: '', now } as const
  const history = past(context.ledger, tx, of)
  const found = earningOf(rule, history, now)
  if (!found) return null
  const { accepted } = history.reviews(rule.id, rule.terms, 0)
  return { ...found.progress, accepted, allowed: found.earned }
}
