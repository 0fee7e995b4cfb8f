import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { client } from '#companion/commands/client.ts'
import { until } from '#companion/practice/supervisor.ts'
import { RunPage } from '#shared/protocol/run.ts'
import { cli, type ShimStage, startShimStage } from './shim-stage.ts'

let stage: ShimStage
const children: ChildProcess[] = []

beforeAll(() => {
  stage = startShimStage('version: 1\nmode: enforce\n')
})
afterAll(() => stage?.stop())
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
})

/** The built command line on the home folder of the stage. Its command is not shown a display. */
function holdpoint(...args: string[]) {
  const { PATH = '' } = process.env
  const env = { PATH, HOLDPOINT_HOME: stage.home, HOLDPOINT_PORT: '0' }
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  children.push(child)
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async () => String((await lines.next()).value)
  const exit = once(child, 'exit').then(([code]) => code)
  return { child, line, exit, said: () => said }
}

/** A command that says where its browser is, and goes on until its standard input is closed. */
const command = [
  ...['node', '-e'],
  `fetch(process.env.HOLDPOINT_CDP_URL + '/json/version').then((r) => r.json()).then((v) => {
    console.log(v.Browser)
    process.stdin.resume().on('end', () => process.exit(7))
  })`,
]

const runs = async () =>
  (await client({ home: stage.home }).call('GET', '/v1/runs', RunPage)).runs.filter(
    ({ state }) => state === 'live',
  )

describe('holdpoint run', () => {
  it('uses the companion that is there, and leaves it as it was', async () => {
    const companion = holdpoint('start', '--no-browser', '--json')
    await companion.line()
    const run = holdpoint('run', '--name', 'beside', '--agent', 'bot', '--', ...command)
    expect(await run.line()).toContain('Chrome')
    expect(await runs()).toMatchObject([{ name: 'beside', agent: 'bot' }])
    run.child.stdin.end()
    expect(await run.exit).toBe(7)
    expect(await stage.browsers()).toEqual([])
    expect(stage.pid()).toBe(companion.child.pid)
  })

  it('ends its browser also where it cannot say so', async () => {
    await holdpoint('start', '--no-browser', '--json').line()
    const run = holdpoint('run', '--', ...command)
    await run.line()
    run.child.kill('SIGKILL')
    const gone = async () => ((await stage.browsers()).length === 0 ? true : undefined)
    expect(await until(gone, 10_000)).toBe(true)
  })

  it('does not put its agent under other rules than were asked for', async () => {
    await holdpoint('start', '--no-browser', '--json').line()
    const run = holdpoint('run', '--mode', 'observe', '--', ...command)
    expect(await run.exit).toBe(5)
    expect(run.said()).toMatch(/running .* already, with --mode `enforce` instead of `observe`/)
  })

  it('that has started the companion stays for those who came to use it', async () => {
    const first = holdpoint('run', '--name', 'first', '--', ...command)
    await first.line()
    const second = holdpoint('run', '--name', 'second', '--', ...command)
    await second.line()
    expect((await runs()).map(({ name }) => name).sort()).toEqual(['first', 'second'])
    first.child.stdin.end()
    const said = () => /other agents use this companion/.test(first.said()) || undefined
    expect(await until(said, 10_000)).toBe(true)
    expect(await runs()).toMatchObject([{ name: 'second' }])
    second.child.stdin.end()
    expect(await second.exit).toBe(7)
    expect(await first.exit).toBe(7)
    expect(stage.pid()).toBe(null)
  })

  it('works twice at once where no companion is there', async () => {
    const both = [1, 2].map((n) => holdpoint('run', '--name', `run ${n}`, '--', ...command))
    for (const run of both) expect(await run.line()).toContain('Chrome')
    expect((await runs()).map(({ name }) => name).sort()).toEqual(['run 1', 'run 2'])
    for (const run of both) run.child.stdin.end()
    expect(await Promise.all(both.map((run) => run.exit))).toEqual([7, 7])
  })
})

const Line = z.object({ companion: z.string(), cdp: z.string(), token: z.string() })

describe('holdpoint gateway', () => {
  it('adds a browser to the companion that is there, and ends with it', async () => {
    const companion = holdpoint('start', '--no-browser', '--json')
    const { companion: url } = z.object({ companion: z.string() }).parse(await json(companion))
    const gateway = holdpoint('gateway', '--json')
    const line = Line.parse(await json(gateway))
    expect([line.companion, line.token]).toEqual([url, stage.token()])
    expect((await fetch(`${line.cdp}/json/version`)).status).toBe(200)
    companion.child.kill('SIGTERM')
    expect(await companion.exit).toBe(0)
    expect(await gateway.exit).toBe(0)
  })
})

describe('holdpoint start --until-idle', () => {
  it('ends when nobody needs it, and not before', async () => {
    const companion = holdpoint('start', '--no-browser', '--json', '--until-idle', '1')
    await companion.line()
    const over = new AbortController()
    const stream = client({ home: stage.home }).follow('/v1/events', over.signal)
    await stream.next()
    expect(
      await Promise.race([companion.exit, new Promise((r) => setTimeout(r, 2500, 'on'))]),
    ).toBe('on')
    over.abort()
    expect(await companion.exit).toBe(0)
  })
})

async function json({ line }: ReturnType<typeof holdpoint>): Promise<unknown> {
  return JSON.parse(await line())
}
