import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { knownOrigin } from './guards/known-origin.ts'
import { ownHost } from './guards/own-host.ts'
import { safeHeaders } from './guards/safe-headers.ts'
import { smallBody } from './guards/small-body.ts'
import { answerProblem, ProblemError } from './problem.ts'
import { routes } from './routes/index.ts'
import type { Env, Routes, Services } from './services.ts'

/** The companion's whole HTTP surface. Guards come before everything, static files included. */
export function app(services: Services): Routes {
  const app = new Hono<Env>()
  app.use(safeHeaders())
  app.use(ownHost(services))
  app.use(knownOrigin(services))
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header('allow', methods.join(', '))
        return answerProblem(c, 'method_not_allowed', `expected ${methods.join(' or ')}`)
      },
    }),
  )
  app.use(smallBody())
  for (const route of routes) app.route('/v1', route(services))
  app.all('/v1/*', (c) => answerProblem(c, 'not_found', `there is no \`${c.req.path}\` here`))
  app.get('*', serveStatic({ root: services.dashboard }))
  app.notFound((c) =>
    c.req.path === '/'
      ? c.text('The dashboard is not built. Run `npm run build`, then load this page again.', 404)
      : answerProblem(c, 'not_found', `there is no \`${c.req.path}\` here`),
  )
  app.onError((error, c) => {
    if (error instanceof ProblemError)
      return answerProblem(c, error.code, error.message, error.errors && { errors: error.errors })
    services.context.report(error)
    return answerProblem(c, 'internal', 'the companion met an error of its own; nothing was let go')
  })
  return app
}
