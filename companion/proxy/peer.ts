import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'

/** Whether the kernel can be asked who owns a connection. Where it cannot (macOS, Windows), the proxy
 * needs a password. */
export function kernelKnows(): boolean {
  return process.platform === 'linux' && process.getuid !== undefined && existsSync(TABLE)
}

/** Every connection over IPv4, and whose it is (proc_pid_net(5)). */
const TABLE = '/proc/net/tcp'

/** Knows whether the other end of a loopback connection belongs to this user. On Linux the kernel is
 * asked. Where it cannot say, loopback is the boundary. */
export function peers(): (socket: Socket) => Promise<boolean> {
  const uid = process.getuid?.()
  if (process.platform !== 'linux' || uid === undefined) return () => Promise.resolve(true)
  const table = oneAtATime(async () => await readFile(TABLE, 'utf8'))
  return async ({ remotePort, localPort }) => {
    if (remotePort === undefined || localPort === undefined) return false
    let text: string
    try {
      text = await table()
    } catch {
      return true // no /proc: as on a system that cannot say
    }
    return ownerOf(text, remotePort, localPort) === uid
  }
}

/** Shares one run of `read` among all who ask before it begins. Who asks while one is under way waits
 * for the next, because that one may have begun too early: the table takes some milliseconds, and a page
 * opens six connections at once. */
function oneAtATime(read: () => Promise<string>): () => Promise<string> {
  let current: Promise<unknown> = Promise.resolve()
  let next: Promise<string> | null = null
  return () => {
    next ??= current.then(async () => {
      next = null
      const run = read()
      current = run.catch(() => undefined) // told to those who asked
      return await run
    })
    return next
  }
}

/** User id of the socket `127.0.0.1:from` → `127.0.0.1:to`; undefined where there is none. */
export function ownerOf(table: string, from: number, to: number): number | undefined {
  const ends = `: ${loopback(from)} ${loopback(to)} `
  const at = table.indexOf(ends)
  if (at < 0) return undefined
  // State, queues, timer and retransmissions stand before it.
  const uid = table.slice(at + ends.length).split(/\s+/, 5)[4]
  return uid === undefined ? undefined : Number(uid)
}

function loopback(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
}
