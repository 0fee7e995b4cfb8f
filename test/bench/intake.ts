import { type ChildProcess, fork } from 'node:child_process'
import {
  closeSync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { startCompanion } from '#companion/commands/start-companion.ts'
import { asks, manyRules } from './asks.ts'
import { type Load, load, type Server } from './http-load.ts'
import { quiet } from './quiet.ts'

/** Round trip of an ask that a rule allows (token, schema, classify, decide by 1,000 rules, hash
 * chain, synced commit, search columns) against a Hono handler that only appends the body to a file
 * and syncs it, and against one that only echoes. Each server is a process of its own and the clients
 * are another; they take turns within one run, so that the machine's mood hits all of them, and the
 * ratios are taken within a round. Prints medians over the rounds.
 *   node scripts/run.mjs test/bench/intake.ts [seconds per slice, default 1] [rounds, default 7] */

const NAMES = ['echo', 'append + sync', 'holdpoint'] as const
type Name = (typeof NAMES)[number]

async function serveOurs(home: string): Promise<Server> {
  writeFileSync(join(home, 'holdpoint.yaml'), manyRules(1000))
  return await startCompanion({ home, port: 0 })
}

async function serveBare(home: string, sync: boolean): Promise<Server> {
  const file = openSync(join(home, 'log'), 'a')
  process.once('exit', () => closeSync(file))
  const app = new Hono().post('/v1/evaluate', async (c) => {
    const body = await c.req.text()
    if (sync) {
      writeSync(file, `${body}\n`)
      fdatasyncSync(file)
    }
    return c.json({ decision: 'allow', reason: 'everything is', rules: [], audit_id: 'hp_1' })
  })
  return await new Promise((resolve) =>
    serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({ url: `http://127.0.0.1:${port}`, token: 'x' }),
    ),
  )
}

/** A server in a process of its own. */
interface Served {
  server: Server
  /** CPU time so far, in us. */
  cpu(): Promise<number>
  stop(): Promise<void>
}

async function inChild(name: Name, home: string): Promise<Served> {
  const child = fork(fileURLToPath(import.meta.url), [name, home])
  const { url, token } = JSON.parse(await said(child))
  return {
    server: { url, token },
    async cpu() {
      child.send('cpu')
      return Number(await said(child))
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect()
      await ended
    },
  }
}

function said(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`a server ended with ${code}`))
    child.once('exit', gone)
    child.once('message', (message) => {
      child.off('exit', gone)
      resolve(String(message))
    })
  })
}

async function beServer(name: Name, home: string): Promise<void> {
  const { url, token } =
    name === 'holdpoint' ? await serveOurs(home) : await serveBare(home, name !== 'echo')
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.(String(user + system))
  })
  process.once('disconnect', () => process.exit())
  process.send?.(JSON.stringify({ url, token }))
}

type Slice = Load & { cpu: number }

async function slice({ server, cpu }: Served, clients: number, ms: number): Promise<Slice> {
  await quiet()
  const before = await cpu()
  const result = await load(server, bodies, clients, ms)
  return { ...result, cpu: ((await cpu()) - before) / result.count }
}

const bodies = asks(256).map((ask) => JSON.stringify(ask))

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

async function compare(ms: number, rounds: number): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-bench-'))
  const served: Served[] = []
  try {
    for (const name of NAMES) served.push(await inChild(name, mkdtempSync(join(home, 'server-'))))
    for (const each of served) await load(each.server, bodies, 100, 2 * ms)
    for (const clients of [1, 10, 100]) {
      const table: Slice[][] = []
      for (let round = 0; round < rounds; round++) {
        const row: Slice[] = []
        for (const each of served) row.push(await slice(each, clients, ms))
        table.push(row)
      }
      print(clients, table)
    }
  } finally {
    await Promise.all(served.map((each) => each.stop()))
    rmSync(home, { recursive: true, force: true })
  }
}

function print(clients: number, table: readonly Slice[][]): void {
  console.log(`${clients} client${clients > 1 ? 's' : ''}`)
  NAMES.forEach((name, at) => {
    const of = (pick: (slice: Slice) => number) =>
      median(table.flatMap((row) => row.slice(at, at + 1).map(pick)))
    const rate = of((s) => s.perSecond).toFixed(0)
    const times = `p50 ${of((s) => s.p50).toFixed(2)} ms  p99 ${of((s) => s.p99).toFixed(2)} ms`
    const cpu = `server CPU ${of((s) => s.cpu).toFixed(0)} us`
    console.log(`  ${name.padEnd(14)} ${rate.padStart(6)}/s  ${times}  ${cpu}`)
  })
  const ratio = (peer: Name, pick: (slice: Slice) => number) =>
    median(
      table.flatMap((row) => {
        const [ours, theirs] = [row[NAMES.indexOf('holdpoint')], row[NAMES.indexOf(peer)]]
        return ours && theirs ? [pick(ours) / pick(theirs)] : []
      }),
    ).toFixed(2)
  const p50 = ratio('append + sync', (s) => s.p50)
  const rate = ratio('append + sync', (s) => s.perSecond)
  const echo = ratio('echo', (s) => s.perSecond)
  console.log(`  to append + sync: p50 x${p50}, throughput x${rate}; to echo: throughput x${echo}`)
}

const [, , first, second] = process.argv
const name = NAMES.find((each) => each === first)
if (name && second) await beServer(name, second)
else await compare(Number(first ?? 1) * 1000, Number(second ?? 7))
