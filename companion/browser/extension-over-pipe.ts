import type { ChildProcess } from 'node:child_process'
import { Readable, Writable } from 'node:stream'

/** Loads an unpacked extension through the browser's debugging pipe (file descriptors 3 and 4, JSON
 * messages that end in NUL), then opens `urls`. The way in for branded Chrome and Edge, which ignore
 * `--load-extension`. Rejects with the browser's own words. */
export async function loadOverPipe(
  child: ChildProcess,
  extension: string,
  urls: readonly string[],
): Promise<void> {
  const [, , , writer, reader] = child.stdio
  if (!(writer instanceof Writable) || !(reader instanceof Readable)) {
    throw new Error('the browser was started without a debugging pipe')
  }
  const call = caller(writer, reader)
  await call('Extensions.loadUnpacked', { path: extension })
  for (const url of urls) await call('Target.createTarget', { url })
}

type Call = (method: string, params: Record<string, unknown>) => Promise<void>

function caller(writer: Writable, reader: Readable): Call {
  const waiting = new Map<number, { resolve(): void; reject(error: Error): void }>()
  let buffer = ''
  let last = 0
  reader.setEncoding('utf8')
  reader.on('data', (chunk: string) => {
    buffer += chunk
    const messages = buffer.split('\0')
    buffer = messages.pop() ?? ''
    for (const message of messages) {
      const { id, error } = parse(message)
      const waiter = waiting.get(id)
      if (!waiter) continue
      waiting.delete(id)
      if (error === undefined) waiter.resolve()
      else waiter.reject(new Error(`the browser refused: ${error}`))
    }
  })
  reader.on('close', () => {
    for (const waiter of waiting.values()) waiter.reject(new Error('the browser ended'))
  })
  return (method, params) =>
    new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject })
      writer.write(`${JSON.stringify({ id: last, method, params })}\0`)
    })
}

function parse(message: string): { id: number; error: string | undefined } {
  const value: unknown = JSON.parse(message)
  if (typeof value !== 'object' || value === null) return { id: -1, error: undefined }
  const id = 'id' in value && typeof value.id === 'number' ? value.id : -1
  const error = 'error' in value ? JSON.stringify(value.error) : undefined
  return { id, error }
}
