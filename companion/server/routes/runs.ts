import { Hono } from 'hono'
import { RunChange, type RunPage, TakeoverActs, TakeoverSwitch } from '#shared/protocol/run.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import { readBody } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'

/** Agent sessions, and a person's hand on them. What an agent could want here lets it act, so its
 * token tried on any of it is a forgery. */
export function runs(services: Services): Routes {
  const board = services.runs
  const read = bearer(services, ['supervisor'])
  const guard = bearer(services, ['supervisor'], { approves: true })
  return new Hono<Env>()
    .get('/runs', read, async (c) => {
      const page: RunPage = { runs: await board.list() }
      return c.json(page)
    })
    .post('/runs', guard, async (c) => {
      const { state } = await readBody(c, RunChange)
      const done = await board.setAll(state, c.get('caller'))
      if (!done.ok) return answerProblem(c, done.error.code, done.error.message)
      const page: RunPage = { runs: done.runs }
      return c.json(page)
    })
    .get('/runs/:id', read, async (c) => {
      const run = await board.get(c.req.param('id'))
      return run
        ? c.json(run)
        : answerProblem(c, 'run_unknown', `there is no run \`${c.req.param('id')}\``)
    })
    .post('/runs/:id', guard, async (c) => {
      const { state } = await readBody(c, RunChange)
      const done = await board.set(c.req.param('id'), state, c.get('caller'))
      return done.ok ? c.json(done.run) : answerProblem(c, done.error.code, done.error.message)
    })
    .post('/runs/:id/takeover', guard, async (c) => {
      const { on } = await readBody(c, TakeoverSwitch)
      const done = await board.takeover(c.req.param('id'), on, c.get('caller'))
      return done.ok ? c.json(done.run) : answerProblem(c, done.error.code, done.error.message)
    })
    .post('/runs/:id/input', guard, async (c) => {
      const done = await board.act(c.req.param('id'), await readBody(c, TakeoverActs))
      return done.ok ? c.body(null, 204) : answerProblem(c, done.error.code, done.error.message)
    })
}
