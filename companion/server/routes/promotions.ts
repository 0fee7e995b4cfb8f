import { Hono } from 'hono'
import {
  type Promotion as Promoted,
  promote,
  promotions as promotionsOf,
  revokePromotion,
  staged,
} from '#companion/core/promotions.ts'
import { judgedIn } from '#companion/core/read-judgement.ts'
import {
  NewPromotions,
  type Promotion,
  type PromotionPage,
  type Recorded,
  RevokeBody,
  type StagedPage,
} from '#shared/protocol/oversight.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import { readBody } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'
import { signerOf } from '../signer.ts'
import { stagedAction } from '../staged-action.ts'

/** Most staged actions, and most promotions, that a page shows. */
const SHOWN = 500

/** What was done on staging, and what a person lets be done once on production. */
export function promotions(services: Services): Routes {
  const { context } = services
  const read = bearer(services, ['supervisor'])
  const guard = bearer(services, ['supervisor'], { approves: true })
  return new Hono<Env>()
    .get('/staged', read, async (c) => {
      const sandbox = [...context.policy.current().sandbox]
      const found = await staged(context, SHOWN)
      const page: StagedPage = {
        sandbox: sandbox.map(([production, staging]) => ({ production, staging })),
        actions: found.map(({ entry, judgement }) => stagedAction(entry, judgement)),
      }
      return c.json(page)
    })
    .get('/promotions', read, async (c) => {
      const all = (await promotionsOf(context)).slice(0, SHOWN)
      const page: PromotionPage = {
        promotions: await Promise.all(all.map((one) => shown(services, one))),
      }
      return c.json(page)
    })
    .post('/promotions', guard, async (c) => {
      const { entries, note } = await readBody(c, NewPromotions)
      const done = await promote(context, [...new Set(entries)], signerOf(c), note)
      if (!done.ok) return answerProblem(c, done.error.code, done.error.message)
      const page: PromotionPage = {
        promotions: await Promise.all(done.promotions.map((one) => shown(services, one))),
      }
      return c.json(page, 201)
    })
    .delete('/promotions/:id', guard, async (c) => {
      const bare = c.req.header('content-type') === undefined
      const { reason = 'taken back' } = bare ? {} : await readBody(c, RevokeBody)
      const done = await revokePromotion(context, c.req.param('id'), signerOf(c), reason)
      if (!done.ok) return answerProblem(c, done.error.code, done.error.message)
      const answer: Recorded = { audit_id: done.audit }
      return c.json(answer)
    })
}

async function shown({ context }: Services, promoted: Promoted): Promise<Promotion> {
  const { audit, by, note, at, until, spent, revoked } = promoted
  const entry = await context.store.entry(audit)
  const judgement = entry && (await judgedIn(context.store, entry))
  const over = Date.parse(until) <= context.clock.now()
  return {
    ...{ id: audit, action: entry && judgement && stagedAction(entry, judgement) },
    ...{ at, until, by, note },
    state: spent !== null ? 'spent' : revoked !== null ? 'revoked' : over ? 'expired' : 'unspent',
    ...(spent === null ? {} : { spent }),
  }
}
