import { Agent, request } from 'node:http'

export interface Server {
  url: string
  token: string
}

export interface Load {
  count: number
  perSecond: number
  /** Round trips, in ms. */
  p50: number
  p99: number
}

/** Closed-loop clients for `ms`, each on a connection that it keeps: the next request is sent when
 * the last one is answered. Rejects where an answer is no 200. */
export async function load(
  { url, token }: Server,
  bodies: readonly string[],
  clients: number,
  ms: number,
): Promise<Load> {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const options = { hostname, port, path: '/v1/evaluate', method: 'POST', agent }
  const authorization = `Bearer ${token}`
  const buffers = bodies.map((body) => Buffer.from(body))
  const took: number[] = []
  const post = (body: Buffer) =>
    new Promise<void>((resolve, reject) => {
      const headers = {
        authorization,
        'content-type': 'application/json',
        'content-length': body.length,
      }
      const req = request({ ...options, headers }, (res) => {
        res.resume()
        res.once('end', () =>
          res.statusCode === 200 ? resolve() : reject(new Error(`status ${res.statusCode}`)),
        )
      })
      req.once('error', reject)
      req.end(body)
    })
  const start = performance.now()
  const client = async () => {
    for (let now = performance.now(); now < start + ms; now = performance.now()) {
      await post(buffers[took.length % buffers.length] ?? Buffer.of())
      took.push(performance.now() - now)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const seconds = (performance.now() - start) / 1000
  agent.destroy()
  took.sort((a, b) => a - b)
  const at = (share: number) => took[Math.floor(took.length * share)] ?? Number.NaN
  return { count: took.length, perSecond: took.length / seconds, p50: at(0.5), p99: at(0.99) }
}
