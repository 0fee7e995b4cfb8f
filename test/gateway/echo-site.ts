import { createServer } from 'node:http'

export interface EchoSite {
  url: string
  /** The same server as another site. */
  otherSite: string
  /** Paths asked for so far, icons left out. */
  hits: string[]
  /** Resolves with the hits once `path` is among them; rejects after ten seconds. */
  hit(path: string): Promise<string[]>
  stop(): Promise<void>
}

/** A site whose pages say which path they are, and tell the server when their script has run. */
export async function startEchoSite(pages: Record<string, string> = {}): Promise<EchoSite> {
  const hits: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    if (path !== '/favicon.ico') hits.push(path)
    const script = path.endsWith('.js')
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html')
    const text = pages[path] ?? (script ? '' : `<script>fetch('/ran' + location.pathname)</script>`)
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const body = text.replaceAll('OTHER', `http://localhost:${port}`)
    response.end(script ? body : `<!doctype html><title>${path}</title><h1>${path}</h1>${body}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    otherSite: `http://localhost:${port}`,
    hits,
    async hit(path) {
      const until = Date.now() + 10_000
      while (!hits.includes(path)) {
        if (Date.now() > until) throw new Error(`nobody asked for ${path}, only for ${hits}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return hits
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
