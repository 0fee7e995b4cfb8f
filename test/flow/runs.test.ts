import { expect, it } from 'vitest'
import type { LiveRun } from '#companion/core/live-run.ts'
import { AuditPage, Status } from '#shared/protocol/api.ts'
import { Frame, Run, RunPage } from '#shared/protocol/run.ts'
import { call, companion, connect, newHome, pairBrowser, sendClick } from './companion.ts'

const frame: Frame = {
  ...{ at: '2026-11-21T09:00:00.000Z', jpeg: '/9j/', width: 800, height: 500 },
  ...{ box: { x: 1, y: 2, width: 3, height: 4 }, hold: 'hold_1', page: 'p1' },
  ...{ hands: false, dialog: null, url: 'https://mail.example.com/', title: 'Mail' },
}

function fakeRun(id: string) {
  const done: string[] = []
  const listeners = new Set<(frame: Frame) => void>()
  const run: LiveRun = {
    ...{ id, name: 'night shift', agent: 'support' },
    pause: () => void done.push('pause'),
    resume: () => void done.push('resume'),
    kill: async () => void done.push('kill'),
    picture: {
      watch(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    takeover: {
      begin: () => void done.push('begin'),
      act: async (page, { type }) => void done.push(`${page} ${type}`),
      end: () => void done.push('end'),
    },
  }
  return { run, done, listeners }
}

it('lists, pauses, resumes and kills runs', async () => {
  const c = await companion()
  const { run, done } = fakeRun('run_1')
  await c.runs.started(run)
  c.runs.client('run_1', 'puppeteer')
  const list = RunPage.parse((await call(c, 'GET', '/v1/runs')).body)
  expect(list.runs).toMatchObject([{ id: 'run_1', name: 'night shift', client: 'puppeteer' }])
  const paused = await call(c, 'POST', '/v1/runs/run_1', { state: 'paused' })
  expect(Run.parse(paused.body).state).toBe('paused')
  const status = Status.parse((await call(c, 'GET', '/v1/status')).body)
  expect(status.runs).toEqual({ live: 0, paused: 1 })
  await call(c, 'POST', '/v1/runs', { state: 'live' })
  const killed = RunPage.parse((await call(c, 'POST', '/v1/runs', { state: 'killed' })).body)
  expect(killed.runs).toMatchObject([{ state: 'killed' }])
  expect(done).toEqual(['pause', 'resume', 'kill'])
  const again = await call(c, 'POST', '/v1/runs/run_1', { state: 'live' })
  expect(again).toMatchObject({ status: 410, body: { code: 'run_ended' } })
  expect((await call(c, 'POST', '/v1/runs/run_2', { state: 'live' })).status).toBe(404)
  expect((await call(c, 'POST', '/v1/runs/run_1', { state: 'ended' })).status).toBe(400)
  const log = AuditPage.parse((await call(c, 'GET', '/v1/audit?kind=run&run=run_1')).body)
  expect(log.entries.map(({ body }) => body.change).reverse()).toEqual([
    ...['started', 'client', 'paused', 'resumed', 'killed'],
  ])
})

it('streams pictures until the run ends, and takes input only while it is taken over', async () => {
  const c = await companion()
  const { run, done, listeners } = fakeRun('run_1')
  await c.runs.started(run)
  const headers = { authorization: `Bearer ${c.token}` }
  const stream = await fetch(`${c.url}/v1/runs/run_1/picture`, { headers })
  expect(stream.headers.get('content-type')).toContain('text/event-stream')
  expect(listeners.size).toBe(1)
  for (const at of ['a', 'b', 'c']) for (const listener of listeners) listener({ ...frame, at })
  const acts = { page: 'p1', acts: [{ type: 'text', text: 'hi' }] }
  expect(await call(c, 'POST', '/v1/runs/run_1/input', acts)).toMatchObject({
    ...{ status: 409, body: { code: 'takeover_off' } },
  })
  await call(c, 'POST', '/v1/runs/run_1/takeover', { on: true })
  expect((await call(c, 'POST', '/v1/runs/run_1/input', acts)).status).toBe(204)
  await call(c, 'POST', '/v1/runs/run_1/takeover', { on: false })
  expect(done).toEqual(['pause', 'begin', 'p1 text', 'end', 'resume'])
  await c.runs.ended('run_1', 'the agent left')
  const text = await stream.text()
  const frames = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) =>
    Frame.parse(JSON.parse(data ?? '')),
  )
  // A slow reader gets the newest one.
  expect(frames.at(-1)).toEqual({ ...frame, at: 'c' })
  expect(listeners.size).toBe(0)
  expect((await fetch(`${c.url}/v1/runs/run_1/picture`, { headers })).status).toBe(410)
})

it("an agent's token gets nothing of this, and tried on it opens the breaker", async () => {
  const c = await companion()
  const { run, done } = fakeRun('run_1')
  await c.runs.started(run)
  const made = await call(c, 'POST', '/v1/tokens', { name: 'bot', role: 'agent' })
  const { token } = { token: '', ...(made.body ?? {}) }
  const headers = { authorization: `Bearer ${token}` }
  expect((await call(c, 'GET', '/v1/runs', undefined, headers)).status).toBe(403)
  expect((await call(c, 'GET', '/v1/runs/run_1/picture', undefined, headers)).status).toBe(403)
  expect(await call(c, 'GET', '/v1/status')).toMatchObject({ body: { breaker: { open: false } } })
  const tried = await call(c, 'POST', '/v1/runs/run_1', { state: 'live' }, headers)
  expect(tried.status).toBe(403)
  expect(await call(c, 'GET', '/v1/status')).toMatchObject({ body: { breaker: { open: true } } })
  expect(done).toEqual([])
})

it('knows runs of an earlier companion, and of other doors, from the log', async () => {
  const home = newHome()
  const first = await companion({ home })
  await first.runs.started(fakeRun('run_1').run, 'selenium')
  const { link, token } = await pairBrowser(first)
  const line = await connect(link, token)
  await line.ask(sendClick({ run: { id: 'run_7', name: 'side panel', agent: 'helper' } }))
  const live = RunPage.parse((await call(first, 'GET', '/v1/runs')).body)
  expect(live.runs.map(({ id, state, held }) => [id, state, held])).toEqual([
    ['run_1', 'live', 0],
    ['run_7', 'ended', 1],
  ])
  await first.stop()
  const second = await companion({ home })
  const { runs } = RunPage.parse((await call(second, 'GET', '/v1/runs')).body)
  expect(runs).toMatchObject([
    { id: 'run_7', name: 'side panel', agent: 'helper', client: null, state: 'ended' },
    { id: 'run_1', name: 'night shift', agent: 'support', client: 'selenium', state: 'ended' },
  ])
  expect(runs[1]?.endedAt).not.toBeNull()
})
