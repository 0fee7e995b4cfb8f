import { WebSocket } from 'ws'
import type { ClientFamily } from './agent.ts'
import type { AgentPipe } from './agent-pipe.ts'
import { CLIENT_HEADER } from './client-family.ts'
import { FRAME_LIMIT } from './frame.ts'

/** Passes an agent's messages on to a run in another process, and back, unread. Resolves when either
 * side has ended. */
export async function bridge(pipe: AgentPipe, ws: string, family: ClientFamily): Promise<void> {
  const socket = new WebSocket(ws, {
    headers: { [CLIENT_HEADER]: family },
    maxPayload: FRAME_LIMIT,
    perMessageDeflate: false,
  })
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
    pipe.ended.then(resolve, resolve)
  })
  // Its end follows: a run that has ended, or a companion that is gone.
  socket.on('error', () => undefined)
  socket.on('message', (data: Buffer) => pipe.socket.send(data.toString('utf8')))
  socket.once('open', () => pipe.read((text) => socket.send(text)))
  await ended
  socket.terminate()
}
