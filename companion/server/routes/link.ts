import { upgradeWebSocket } from '@hono/node-server'
import { Hono, type MiddlewareHandler } from 'hono'
import type { WSContext } from 'hono/ws'
import type { Caller } from '#companion/core/access.ts'
import type { StreamEvent } from '#shared/protocol/api.ts'
import { type FromCompanion, FromWorker } from '#shared/protocol/link.ts'
import { answerWorker } from '../answer-worker.ts'
import type { Line } from '../live-bus.ts'
import { answerProblem } from '../problem.ts'
import type { Env, Routes, Services } from '../services.ts'
import { signerOf } from '../signer.ts'

/** A message this often keeps the extension's worker from being put to sleep after 30 s. */
const PING_MS = 20_000

const PROTOCOL = 'holdpoint.v1'

/** The WebSocket of a paired browser. Who connects is settled before the upgrade. */
export function link(services: Services): Routes {
  const upgrade = upgradeWebSocket((c) => {
    const caller = signerOf(c)
    let end: (() => void) | undefined
    return {
      onOpen(_event, ws) {
        end = open(services, caller, ws)
      },
      onMessage(event, ws) {
        receive(services, caller, ws, event.data)
      },
      onClose() {
        end?.()
      },
    }
  })
  return new Hono<Env>().get('/link', paired(services), upgrade)
}

/** The token comes as a subprotocol, because a browser's WebSocket can send no other header. It is
 * good only from the origin that was paired. */
function paired(services: Services): MiddlewareHandler<Env> {
  return async function paired(c, next) {
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket')
      return answerProblem(c, 'bad_request', 'expected a WebSocket')
    const offered = (c.req.header('sec-websocket-protocol') ?? '').split(',').map((p) => p.trim())
    const token = offered.find((p) => p.startsWith('bearer.'))?.slice('bearer.'.length)
    const caller = token && offered[0] === PROTOCOL ? services.access.caller(token) : null
    if (caller?.role !== 'link' || caller.origin !== c.req.header('origin'))
      return answerProblem(c, 'token_wrong', 'this browser is not paired; run `holdpoint pair`')
    c.set('caller', caller)
    return await next()
  }
}

function open(services: Services, caller: Caller, ws: WSContext): () => void {
  const { clock, store, report } = services.context
  const line: Line = {
    send: (message) => send(ws, message),
    close: (code, reason) => ws.close(code, reason),
  }
  const pending = () => {
    store
      .pending()
      .then((count) => line.send({ type: 'pending', count }))
      .catch(report)
  }
  const onEvent = (event: StreamEvent) => {
    if (event.event === 'hold') pending()
    if (event.event === 'policy' || event.event === 'status')
      line.send({ type: 'settings', settings: settingsOf(services) })
  }
  line.send({ type: 'hello', settings: settingsOf(services), companion: services.version })
  pending()
  const stops = [services.bus.attach(caller.id, line), services.bus.listen(onEvent)]
  let cancel: () => void
  const ping = () => {
    line.send({ type: 'ping' })
    cancel = clock.after(PING_MS, ping)
  }
  cancel = clock.after(PING_MS, ping)
  noteSeen(services, caller)
  return () => {
    cancel()
    for (const stop of stops) stop()
    noteSeen(services, caller)
  }
}

function receive(services: Services, caller: Caller, ws: WSContext, data: unknown): void {
  const message = parsed(data)
  if (!message) {
    ws.close(1008, 'malformed message')
    return
  }
  answerWorker(services.context, caller, message)
    .then(async (answer) => {
      if (!answer || message.type === 'pong') return
      send(ws, { type: 'answer', id: message.id, answer: answer.answer })
      await answer.after?.()
    })
    .catch((error: unknown) => {
      services.context.report(error)
      ws.close(1011, 'the companion met an error of its own')
    })
}

function parsed(data: unknown): FromWorker | null {
  if (typeof data !== 'string') return null
  try {
    const message = FromWorker.safeParse(JSON.parse(data))
    return message.success ? message.data : null
  } catch {
    return null // no JSON: as malformed as anything else
  }
}

function settingsOf({ context, policy }: Services) {
  return context.breaker.settings(policy.settings(context.clock.now()))
}

function send(ws: WSContext, message: FromCompanion): void {
  // A line that is closing loses its messages: the worker asks again when it is back.
  if (ws.readyState === 1) ws.send(JSON.stringify(message))
}

function noteSeen(services: Services, caller: Caller): void {
  services.access
    .seen(caller.id)
    .then(() => services.bus.publish({ event: 'status' }))
    .catch(services.context.report)
}
