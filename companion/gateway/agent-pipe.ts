import type { Readable, Writable } from 'node:stream'
import type { AgentSocket } from './agent-connection.ts'
import { FRAME_LIMIT } from './frame.ts'

/** The agent's end of a debugging pipe: what a browser does with file descriptors 3 and 4 when it was
 * started with `--remote-debugging-pipe`. Messages end in NUL, in both directions. */
export interface AgentPipe {
  socket: AgentSocket
  /** Begins to read. Until then the messages stay in the pipe. */
  read(message: (text: string) => void): void
  /** Resolves when either side has ended it. */
  ended: Promise<void>
}

export function agentPipe(reader: Readable, writer: Writable): AgentPipe {
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  for (const stream of [reader, writer])
    for (const event of ['close', 'error']) stream.once(event, end)
  reader.once('end', end)
  return {
    ended,
    socket: {
      send(message) {
        if (!writer.destroyed) writer.write(`${message}\0`)
      },
      close() {
        writer.end(end)
      },
    },
    read(message) {
      let parts: Buffer[] = []
      let size = 0
      reader.on('data', (chunk: Buffer) => {
        let from = 0
        for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, from)) {
          const text = Buffer.concat([...parts, chunk.subarray(from, at)]).toString('utf8')
          parts = []
          size = 0
          from = at + 1
          message(text)
        }
        parts.push(chunk.subarray(from))
        size += chunk.length - from
        if (size > FRAME_LIMIT) reader.destroy()
      })
    },
  }
}
