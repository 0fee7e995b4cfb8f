import { Hono } from 'hono'
import { recordTrial } from '#companion/core/undone.ts'
import { type Undone, UndoTrialBody } from '#shared/protocol/api.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import { readBody } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'
import { signerOf } from '../signer.ts'

/** Takes back what was let go, by the recipe of its rule, and notes how trials of recipes went. */
export function undo(services: Services): Routes {
  const guard = bearer(services, ['supervisor'], { approves: true })
  return new Hono<Env>()
    .post('/audit/:id/undo', guard, async (c) => {
      const done = await services.undo(c.req.param('id'), signerOf(c))
      const { did } = done
      if (!done.ok) return answerProblem(c, done.error.code, done.error.message, { did })
      const answer: Undone = { did: [...did], audit_id: done.audit }
      return c.json(answer)
    })
    .post('/undo/:name/trial', guard, async (c) => {
      const name = c.req.param('name')
      const { text, ok, url, did, why } = await readBody(c, UndoTrialBody)
      const recipe = services.context.policy.current().undo.get(name)
      if (!recipe) return answerProblem(c, 'recipe_unknown', `there is no recipe \`${name}\``)
      if (recipe.text !== text)
        return answerProblem(
          c,
          'recipe_changed',
          `recipe \`${name}\` is another one now; try it again as it is in the policy`,
        )
      const note = [`on ${url}`, ...did, ...(why ? [why] : [])].join('; ')
      const trial = { recipe: name, text, ok, note }
      const done = await recordTrial(services.context, trial, signerOf(c))
      if (!done.ok) return answerProblem(c, done.error.code, done.error.message)
      return c.json({ audit: done.audit })
    })
}
