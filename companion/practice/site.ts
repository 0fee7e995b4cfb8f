import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { assets } from './assets.ts'
import { crm } from './crm.ts'
import { homePage } from './home-page.ts'
import { lab } from './lab.ts'
import { mail } from './mail.ts'
import { refunds } from './refunds.ts'
import { seed } from './seed.ts'
import { type Truth, truthLog } from './truth.ts'

export interface PracticeSite {
  /** Origin, without a slash at the end. */
  url: string
  truth(): Truth
  /** Back to the seeded state, with an empty truth. */
  reset(): void
  stop(): Promise<void>
}

/** Starts the practice site on a loopback port of its own; port 0 takes a free one. */
export async function startPracticeSite({ port = 0 } = {}): Promise<PracticeSite> {
  const { app, truth, reset } = practiceSite()
  const server = createServer(getRequestListener(app.fetch))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    truth,
    reset,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** The site without a server around it: what tests call by `app.request`. */
export function practiceSite(): { app: Hono; truth(): Truth; reset(): void } {
  const records = seed()
  const truth = truthLog()
  const app = new Hono()

  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"], scriptSrc } }))
  // A mutating request that no route took as an effect is recorded too: the truth leaves none out.
  app.use(async (c, next) => {
    await next()
    if (!['GET', 'HEAD'].includes(c.req.method) && !truth.has(c.req))
      truth.record(c.req, 'rejected', { status: c.res.status })
  })

  app.get('/', (c) => c.html(homePage()))
  app.get('/truth', (c) => c.json(truth.all()))
  app.route('/assets', assets())
  app.route('/crm', crm(records, truth))
  app.route('/mail', mail(records, truth))
  app.route('/refunds', refunds(records, truth))
  app.route('/lab', lab(truth))

  return {
    app,
    truth: () => truth.all(),
    reset() {
      Object.assign(records, seed())
      truth.clear()
    },
  }
}

/** The lab has inline handlers, which is what some of its controls are about. */
const scriptSrc = [
  "'self'",
  ({ req }: Context) => (req.path.startsWith('/lab') ? "'unsafe-inline'" : "'self'"),
]
