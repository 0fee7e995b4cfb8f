import { createServer } from 'node:http'
import { serve, type WebSocketServerLike } from '@hono/node-server'
import { WebSocketServer } from 'ws'
import { BODY_LIMIT } from './guards/small-body.ts'
import type { Routes } from './services.ts'

export interface Listening {
  port: number
  close(): Promise<void>
}

/** Listens on the loopback interface. Rejects with code EADDRINUSE where the port is taken. */
export async function listen(routes: Routes, port: number): Promise<Listening> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: BODY_LIMIT })
  if (!fits(sockets)) throw new Error('the WebSocket server does not fit the HTTP server')
  const open = (resolve: (server: Listening) => void, reject: (error: Error) => void) => {
    const server = serve(
      {
        fetch: routes.fetch,
        hostname: '127.0.0.1',
        port,
        websocket: { server: sockets },
        createServer,
        serverOptions: {
          // Slow headers and bodies end before they add up (slowloris).
          headersTimeout: 10_000,
          requestTimeout: 30_000,
          connectionsCheckingInterval: 2_000,
          maxHeaderSize: 16 * 1024,
        },
      },
      (info) => resolve({ port: info.port, close: () => close(server, sockets) }),
    )
    server.once('error', reject)
  }
  return await new Promise(open)
}

/** The two packages' types differ in how they write optional members; what they do fits. */
function fits(server: unknown): server is WebSocketServerLike {
  return server instanceof WebSocketServer
}

function close(server: ReturnType<typeof serve>, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate()
  sockets.close()
  return new Promise((resolve) => {
    server.close(() => resolve())
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}
