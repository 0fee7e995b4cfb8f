import { Hono } from 'hono'
import { cors } from 'hono/cors'
import type { PairCode } from '#shared/protocol/access.ts'
import { PairBody, type Paired } from '#shared/protocol/api.ts'
import { EXTENSION_ID } from '#shared/protocol/extension-id.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import { readBody } from '../read-body.ts'
import { type Env, ownUrl, type Routes, type Services } from '../services.ts'

/** Pairs a browser: a code that a person (or the launcher) hands to the extension, for a token. */
export function pair(services: Services): Routes {
  return new Hono<Env>()
    .post('/pair/code', bearer(services, ['supervisor'], { approves: true }), (c) =>
      c.json(newPairCode(services)),
    )
    .use('/pair', cors({ origin: (origin) => origin, allowMethods: ['POST'] }))
    .post('/pair', async (c) => {
      const { code, name } = await readBody(c, PairBody)
      const origin = c.req.header('origin')
      if (!origin || !/^(chrome|moz)-extension:/.test(origin))
        return answerProblem(c, 'origin_refused', 'only the Holdpoint extension can be paired')
      const paired = await services.access.pair(code, name, origin)
      if (!paired.ok) {
        if (paired.error.code === 'code_wrong') await services.refusals.record(c, 'code_wrong')
        return answerProblem(c, paired.error.code, paired.error.message)
      }
      services.bus.publish({ event: 'status' })
      const answer: Paired = { token: paired.token, link: linkOf(services) }
      return c.json(answer)
    })
}

/** A fresh code, and the extension page that uses it without a further click. */
export function newPairCode(services: Services): PairCode {
  const { code, expiresAt } = services.access.newCode()
  const companion = encodeURIComponent(ownUrl(services))
  const page = `chrome-extension://${EXTENSION_ID}/pair.html`
  return { code, url: `${page}#companion=${companion}&code=${code}`, expiresAt }
}

function linkOf(services: Services): string {
  return `${ownUrl(services).replace(/^http/, 'ws')}/v1/link`
}
