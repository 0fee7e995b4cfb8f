import { Hono, type Context as HonoContext } from 'hono'
import type { Caller } from '#companion/core/access.ts'
import { type AskRequest, ask, type Settled } from '#companion/core/intake.ts'
import { Descriptor } from '#shared/protocol/descriptor.ts'
import { answerOf } from '../evaluate-answer.ts'
import { bearer } from '../guards/bearer.ts'
import { waitOf } from '../prefer.ts'
import { ProblemError } from '../problem.ts'
import { readBody } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'
import { VerdictWait } from '../verdict-wait.ts'

/** The API door: an agent asks before it acts, and acts only on `allow`. With an `Idempotency-Key`
 * it can ask the same thing again: to learn a person's verdict (the `allow` that follows an approval
 * is given once), and never to act twice. With `Prefer: wait=20` the answer to something held waits
 * so many seconds for the verdict, and is the ticket otherwise: `hold_id`, and when to ask again. */
export function evaluate(services: Services): Routes {
  const { context, bus } = services
  const verdicts = new VerdictWait(context.clock, bus)
  return new Hono<Env>().post('/evaluate', bearer(services, ['agent', 'supervisor']), async (c) => {
    const caller = c.get('caller')
    const descriptor = asSent(await readBody(c, Descriptor), caller)
    const given = keyOf(c.req.header('idempotency-key'))
    const id = `api:${caller.id}:${given ?? context.ids.next('key')}`
    const seconds = waitOf(c.req.header('prefer'))
    // What waits asks again by its id, so that is kept even where the client made none.
    const request = { id, descriptor, asker: caller, once: given === undefined && seconds === 0 }
    const settled = await answered(services, verdicts, request, seconds, c.req.raw.signal)
    if (seconds > 0) c.header('preference-applied', `wait=${seconds}`)
    return send(c, settled, context.clock.now())
  })
}

/** Asks, and where it is held and the client would wait, asks again once it is decided. The second
 * ask is what takes an approval up: a client that has left does not make it. */
async function answered(
  { context }: Services,
  verdicts: VerdictWait,
  request: AskRequest,
  seconds: number,
  left: AbortSignal,
): Promise<Settled> {
  const first = await ask(context, request)
  if (seconds === 0 || first.answer.state !== 'held' || first.answer.hold.state !== 'pending')
    return first
  const { id } = first.answer.hold
  const pending = async () => (await context.store.hold(id))?.hold.state === 'pending'
  const waited = await verdicts.until(request.id, id, seconds * 1000, left, pending)
  return waited === 'moved' && !left.aborted ? await ask(context, request) : first
}

function send(c: HonoContext<Env>, settled: Settled, now: number): Response {
  const answer = answerOf(settled, now)
  if (answer.retry_after !== undefined) c.header('retry-after', String(answer.retry_after))
  return c.json(answer)
}

/** The door and who acts are known from the token, whatever the body says. A tag says what a run is
 * for, so it is a supervisor's word and never the agent's. */
function asSent(descriptor: Descriptor, caller: Caller): Descriptor {
  if (caller.role !== 'agent') return { ...descriptor, door: 'api' }
  const { run, ...rest } = descriptor
  if (!run) return { ...rest, door: 'api', provenance: 'agent' }
  const { tag: _tag, ...untagged } = run
  return { ...rest, run: untagged, door: 'api', provenance: 'agent' }
}

function keyOf(header: string | undefined): string | undefined {
  if (header === undefined || /^[\x21-\x7e]{1,100}$/.test(header)) return header
  throw new ProblemError(
    'bad_request',
    '`Idempotency-Key`: expected 1 to 100 visible ASCII characters',
  )
}
