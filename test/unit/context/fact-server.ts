import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FactServer {
  origin: string
  /** Paths with their queries, in the order in which they were asked for. */
  asked: string[]
  headers: IncomingMessage['headers'][]
  close(): Promise<void>
}

/** A server of facts; `answer` gets every request. */
export async function factServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<FactServer> {
  const asked: string[] = []
  const headers: IncomingMessage['headers'][] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    headers.push(request.headers)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = isInfo(address) ? address.port : 0
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(typeof value === 'string' ? value : JSON.stringify(value))
}

function isInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}
