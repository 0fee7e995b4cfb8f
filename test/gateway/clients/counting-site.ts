import { once } from 'node:events'
import { createServer } from 'node:http'

export interface CountingSite {
  /** Origin, without a slash at the end. The same server is `other` under another site's name. */
  url: string
  other: string
  /** How many POSTs a path has taken: the server's own truth. */
  count(path: string): number
  reset(): void
  stop(): Promise<void>
}

/** A site with a control of each kind that a contract test needs, which counts what reaches it. */
export async function startCountingSite(): Promise<CountingSite> {
  const counts = new Map<string, number>()
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname
    if (request.method === 'POST') {
      counts.set(path, (counts.get(path) ?? 0) + 1)
      request.resume()
    }
    const body = request.method === 'POST' ? `<h1>Done: ${path}</h1>` : pages(port)[path]
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'text/html' })
    response.end(`<!doctype html><title>Counting ${path}</title>${body ?? ''}`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  const { port } = address
  return {
    url: `http://127.0.0.1:${port}`,
    other: `http://localhost:${port}`,
    count: (path) => counts.get(path) ?? 0,
    reset: () => counts.clear(),
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** `Send` is held by default, `Delete all` is denied by a rule, `Save` only recorded by another, and the
 * rest is a `read`. */
function pages(port: number): Record<string, string> {
  return {
    '/': `
      <h1>Counting</h1>
      <form method="post" action="/send"><label>Message <input name="message"></label>
        <button>Send</button></form>
      <form method="post" action="/delete"><button>Delete all</button></form>
      <form method="post" action="/save"><button>Save</button></form>
      <button type="button" onclick="document.querySelector('output').value = 'shown'">Show</button>
      <output></output>
      <a href="/popup" target="_blank">More</a>`,
    '/popup': '<h1>Popup</h1>',
    '/framed': `<h1>Framed</h1><iframe src="http://localhost:${port}/frame" width=400 height=200>
      </iframe>`,
    '/frame': `<button type="button" onclick="this.textContent = 'Shown'">Show</button>
      <form method="post" action="/delete"><button>Delete all</button></form>`,
  }
}
