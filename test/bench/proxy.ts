import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, createServer, get } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium } from '@playwright/test'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { type Proxy as RunningProxy, startProxy } from '#companion/proxy/proxy.ts'
import { testGate } from '../gateway/proxy-gate.ts'
import { testCertificate } from '../gateway/proxy-site.ts'
import { quiet } from './quiet.ts'

/** What the companion's proxy costs: one GET at a time by a Node client, and a page with 200 images in
 * Chromium, each direct and through the proxy, in turns within one run. The server and the proxy are
 * processes of their own. Prints medians over the rounds and ratios taken within a round.
 *   node scripts/run.mjs test/bench/proxy.ts [rounds, default 15] */

const IMAGES = 200
const image = Buffer.alloc(20_000, 7)

type Said = { port: number; switches?: string[] }

/** The pages that the browser loads: `/page/N` has 200 images that no cache knows. */
async function serveSite(tls: string | undefined): Promise<Said> {
  const answer = (
    url: string,
    res: {
      writeHead(status: number, headers: Record<string, string>): unknown
      end(body: string | Buffer): unknown
    },
  ) => {
    if (!url.startsWith('/page/')) {
      res.writeHead(200, { 'content-type': 'image/png', 'cache-control': 'no-store' })
      return res.end(image)
    }
    const images = Array.from({ length: IMAGES }, (_, at) => `<img src="/i/${url.slice(6)}/${at}">`)
    res.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-store' })
    return res.end(`<!doctype html><link rel=icon href=data:,>${images.join('')}`)
  }
  const server = tls
    ? createSecureServer({ ...JSON.parse(tls), allowHTTP1: true }, (req, res) =>
        answer(req.url ?? '', res),
      )
    : createServer((req, res) => answer(req.url ?? '', res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: portOf(server.address()) }
}

function portOf(address: string | AddressInfo | null): number {
  return typeof address === 'object' && address ? address.port : 0
}

async function serveProxy(keys: string, extraCa: string): Promise<RunningProxy> {
  return await startProxy({ keys, gate: testGate(), extraCa, report: console.error })
}

/** Starts a part of the bench in a process of its own. */
async function inChild(...args: string[]): Promise<{ child: ChildProcess; said: Said }> {
  const child = fork(fileURLToPath(import.meta.url), args)
  const said = await new Promise<Said>((resolve, reject) => {
    child.once('message', (message) => resolve(JSON.parse(String(message))))
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)))
  })
  return { child, said }
}

function timed(agent: Agent, port: number, path: string, host: string): Promise<number> {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    get({ agent, host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`answered with ${answer.statusCode}`))
      answer.resume().once('end', () => resolve(performance.now() - start))
    }).once('error', reject)
  })
}

/** One GET after the other, direct and proxied in turns, in ms. */
async function gets(site: number, proxy: number, count: number): Promise<Record<string, number[]>> {
  const agents = { direct: new Agent({ keepAlive: true }), proxied: new Agent({ keepAlive: true }) }
  const times: Record<string, number[]> = { direct: [], proxied: [] }
  for (let at = -50; at < count; at++) {
    const host = `127.0.0.1:${site}`
    const direct = await timed(agents.direct, site, '/i', host)
    const proxied = await timed(agents.proxied, proxy, `http://${host}/i`, host)
    if (at >= 0) times.direct?.push(direct)
    if (at >= 0) times.proxied?.push(proxied)
  }
  agents.direct.destroy()
  agents.proxied.destroy()
  return times
}

let page = 0

/** Time until the load event of a page with 200 images, in ms. */
async function loads(context: BrowserContext, origin: string): Promise<number> {
  const tab = await context.newPage()
  page += 1
  await tab.goto(`${origin}/page/${page}`)
  const time = await tab.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation')
    return entry ? entry.duration : Number.NaN
  })
  await tab.close()
  return time
}

async function browser(profile: string, switches: string[]): Promise<BrowserContext> {
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  return await chromium.launchPersistentContext(profile, {
    executablePath: found.browser.path,
    headless: true,
    args: [...switches, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}

function print(label: string, direct: number[], proxied: number[]): void {
  const ratios = direct.map((time, at) => (proxied[at] ?? Number.NaN) / time)
  const line = [
    label.padEnd(28),
    `direct p50 ${quantile(direct, 0.5).toFixed(1)} p95 ${quantile(direct, 0.95).toFixed(1)} ms`,
    `proxied p50 ${quantile(proxied, 0.5).toFixed(1)} p95 ${quantile(proxied, 0.95).toFixed(1)} ms`,
    `over direct p50 ${(quantile(proxied, 0.5) - quantile(direct, 0.5)).toFixed(2)}` +
      ` p95 ${(quantile(proxied, 0.95) - quantile(direct, 0.95)).toFixed(2)} ms`,
    `ratio ${quantile(ratios, 0.5).toFixed(2)}`,
  ]
  process.stdout.write(`${line.join(' · ')}\n`)
}

async function main(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-bench-'))
  const certificate = testCertificate()
  const pem = JSON.stringify({ key: certificate.key, cert: certificate.cert })
  const site = await inChild('site')
  const secure = await inChild('site', pem)
  const proxy = await inChild('proxy', join(folder, 'keys'), certificate.file)
  const parts = [site, secure, proxy]
  const open: BrowserContext[] = []
  try {
    await quiet()
    const single = await gets(site.said.port, proxy.said.port, 1000)
    print('GET, Node, HTTP/1', single.direct ?? [], single.proxied ?? [])
    const spki = proxy.said.switches?.find((name) => name.includes('spki')) ?? ''
    open.push(await browser(join(folder, 'direct'), ['--ignore-certificate-errors']))
    open.push(await browser(join(folder, 'proxied'), proxy.said.switches ?? [spki]))
    const [direct, proxied] = open
    if (!direct || !proxied) return
    for (const [label, origin] of [
      [`${IMAGES} images, HTTP/1`, `http://localhost:${site.said.port}`],
      [`${IMAGES} images, HTTPS, HTTP/2`, `https://localhost:${secure.said.port}`],
    ] as const) {
      const times: { direct: number[]; proxied: number[] } = { direct: [], proxied: [] }
      for (let round = -2; round < rounds; round++) {
        await quiet()
        const pair = [await loads(direct, origin), await loads(proxied, origin)]
        if (round < 0) continue
        times.direct.push(pair[0] ?? Number.NaN)
        times.proxied.push(pair[1] ?? Number.NaN)
      }
      print(label, times.direct, times.proxied)
    }
  } finally {
    for (const context of open) await context.close()
    for (const { child } of parts) child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

const [part, first = '', second = ''] = process.argv.slice(2)
if (part === 'site') {
  process.send?.(JSON.stringify(await serveSite(first || undefined)))
} else if (part === 'proxy') {
  const { port, switches } = await serveProxy(first, second)
  process.send?.(JSON.stringify({ port, switches }))
} else {
  await main(Number(part ?? 15))
}
