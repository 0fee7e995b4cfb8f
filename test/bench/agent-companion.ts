import { type WebSocket, WebSocketServer } from 'ws'
import * as z from 'zod/mini'
import { startCompanion } from '#companion/commands/start-companion.ts'
import { type Door, openDoor } from '#companion/core/door.ts'
import { LiveBus } from '#companion/server/live-bus.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'

/** Where a companion is, and where agents ask it. */
export const AgentCompanion = z.object({
  url: z.string(),
  token: z.string(),
  /** WebSocket: each message asks once, and is answered with the hold's id, then with how it ended. */
  agents: z.string(),
})
export type AgentCompanion = z.infer<typeof AgentCompanion>

/** A companion with agents behind a door of its own process, as a gateway has them. */
export async function serveAgents(home: string, descriptor: Descriptor): Promise<AgentCompanion> {
  const { url, token, context } = await startCompanion({ home, port: 0 })
  if (!(context.bus instanceof LiveBus)) throw new Error('the bus reaches no door')
  const door = openDoor(context, context.bus, { id: 'bench', actor: 'agent:bench' }, null)
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  server.on('connection', (agent) =>
    agent.on('message', () => {
      ask(door, descriptor, agent).catch((error: unknown) => agent.close(1011, String(error)))
    }),
  )
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('the agents have no port')
  return { url, token, agents: `ws://127.0.0.1:${address.port}` }
}

async function ask(door: Door, descriptor: Descriptor, agent: WebSocket): Promise<void> {
  const id = crypto.randomUUID()
  const answer = await door.ask(id, descriptor)
  if (answer.state !== 'held') throw new Error(`expected a hold, got \`${answer.state}\``)
  agent.send(answer.hold.id)
  const { ticket = '' } = await door.decided(answer.hold.id)
  const released = await door.redeem(crypto.randomUUID(), answer.hold.id, ticket, descriptor)
  if (released.state !== 'go') throw new Error(`expected a release, got \`${released.state}\``)
  agent.send(released.state)
}
