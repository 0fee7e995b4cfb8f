import { describe, expect, it } from 'vitest'
import { ask } from '#companion/core/intake.ts'
import type { LiveRun } from '#companion/core/live-run.ts'
import { RunBoard, UNATTENDED_MS } from '#companion/core/run-board.ts'
import type { Frame, TakeoverInput } from '#shared/protocol/run.ts'
import { type Bench, bench, descriptor, me, settled } from '../bench.ts'

const supervisor = { id: 't_me', actor: 'supervisor' }

/** A run that writes down what is done to it. */
function fakeRun(id: string, more: Partial<LiveRun> = {}) {
  const done: string[] = []
  const listeners = new Set<(frame: Frame) => void>()
  const run: LiveRun = {
    ...{ id, name: `name of ${id}`, agent: 'support' },
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
      begin: (audit) => void done.push(`begin ${audit}`),
      act: async (page, input) => void done.push(`${page} ${input.type}`),
      end: () => void done.push('end'),
    },
    ...more,
  }
  return { run, done, listeners }
}

async function started(...ids: string[]) {
  const b = await bench()
  const board = new RunBoard(b.context)
  const runs = ids.map((id) => fakeRun(id))
  for (const { run } of runs) await board.started(run)
  return { b, board, runs }
}

const changes = (b: Bench) =>
  b.store.entries
    .filter(({ kind }) => kind === 'run')
    .map(({ run, body }) => `${run} ${body.change}`)

const left = { button: 'left', clicks: 1 } as const
const press: TakeoverInput = { type: 'press', x: 1, y: 2, modifiers: 0, ...left }

/** A hold of the run, by the gateway. */
async function held(b: Bench, run: string) {
  const asked = descriptor({ door: 'gateway', run: { id: run } })
  const { answer } = await ask(b.context, { id: `ask_${run}`, descriptor: asked, asker: me })
  if (answer.state !== 'held') throw new Error(`expected held, got ${answer.state}`)
  return answer.hold
}

describe('RunBoard', () => {
  it('lists a run from its start to its end, with what the log and the holds say', async () => {
    const { b, board } = await started('run_1')
    board.client('run_1', 'playwright')
    await held(b, 'run_1')
    expect(await board.list()).toEqual([
      {
        ...{ id: 'run_1', name: 'name of run_1', agent: 'support', client: 'playwright' },
        ...{ state: 'live', takeover: false, startedAt: '2026-11-21T09:00:00.000Z', endedAt: null },
        ...{ held: 1, entries: 3 },
      },
    ])
    b.clock.advance(60_000)
    await board.ended('run_1', 'the agent left')
    expect(await board.get('run_1')).toMatchObject({
      ...{ state: 'ended', endedAt: '2026-11-21T09:01:00.000Z', client: 'playwright', entries: 4 },
    })
    expect(changes(b)).toEqual(['run_1 started', 'run_1 client', 'run_1 ended'])
    expect(board.counts()).toEqual({ live: 0, paused: 0 })
  })

  it('does not start a run that cannot be recorded', async () => {
    const b = await bench()
    const board = new RunBoard(b.context)
    b.store.failing = new Error('disk full')
    await expect(board.started(fakeRun('run_1').run)).rejects.toThrow(/audit log/)
    b.store.failing = null
    expect(await board.list()).toEqual([])
  })

  it('pauses at once, recorded or not, and resumes only once that is recorded', async () => {
    const { b, board, runs } = await started('run_1')
    b.store.failing = new Error('disk full')
    const pausing = board.set('run_1', 'paused', supervisor)
    expect(runs[0]?.done).toEqual(['pause'])
    expect(await pausing).toMatchObject({ ok: false, error: { code: 'audit_unavailable' } })
    expect(await board.set('run_1', 'live', supervisor)).toMatchObject({ ok: false })
    expect(runs[0]?.done).toEqual(['pause'])
    expect(board.counts()).toEqual({ live: 0, paused: 1 })
    b.store.failing = null
    expect(await board.set('run_1', 'live', supervisor)).toMatchObject({ run: { state: 'live' } })
    expect(runs[0]?.done).toEqual(['pause', 'resume'])
    expect(b.store.entries.at(-1)).toMatchObject({
      ...{ kind: 'run', actor: 'supervisor', run: 'run_1' },
      body: { change: 'resumed', name: 'name of run_1', agent: 'support', client: null },
    })
  })

  it('kills a run for good, withdraws what it held and never says that it ended by itself', async () => {
    const { b, board, runs } = await started('run_1')
    const hold = await held(b, 'run_1')
    const answer = await board.set('run_1', 'killed', supervisor)
    await board.ended('run_1', 'the connection closed')
    expect(answer).toMatchObject({ ok: true, run: { state: 'killed', held: 0 } })
    expect(runs[0]?.done).toEqual(['kill'])
    expect((await b.store.hold(hold.id))?.hold).toMatchObject({
      ...{ state: 'withdrawn', withdrawn: 'a person killed the run' },
    })
    expect(changes(b)).toEqual(['run_1 started', 'run_1 killed'])
    expect(await board.set('run_1', 'live', supervisor)).toMatchObject({
      error: { code: 'run_ended' },
    })
    expect(await board.set('run_9', 'live', supervisor)).toMatchObject({
      error: { code: 'run_unknown' },
    })
  })

  it('kills even where nothing can be recorded, and says which one did not end', async () => {
    const b = await bench()
    const board = new RunBoard(b.context)
    const [good, bad] = [
      fakeRun('run_1'),
      fakeRun('run_2', { kill: () => Promise.reject('stuck') }),
    ]
    await board.started(good.run)
    await board.started(bad.run)
    b.store.failing = new Error('disk full')
    expect(await board.setAll('killed', supervisor)).toMatchObject({ ok: false })
    expect(good.done).toEqual(['kill'])
    expect(board.counts()).toEqual({ live: 1, paused: 0 })
    b.store.failing = null
    expect(await board.set('run_2', 'killed', supervisor)).toMatchObject({
      error: { code: 'kill_failed' },
    })
  })

  it('acts on every live run at once', async () => {
    const { board, runs } = await started('run_1', 'run_2', 'run_3')
    await board.set('run_2', 'paused', supervisor)
    const pausing = board.setAll('paused', supervisor)
    expect(runs.map(({ done }) => done)).toEqual([['pause'], ['pause'], ['pause']])
    await pausing
    expect(board.counts()).toEqual({ live: 0, paused: 3 })
    expect(await board.setAll('killed', supervisor)).toMatchObject({ ok: true })
    expect((await board.list()).map(({ state }) => state)).toEqual(['killed', 'killed', 'killed'])
  })

  it('tells supervisors of every change', async () => {
    const { b, board } = await started('run_1')
    await board.set('run_1', 'paused', supervisor)
    const states = b.published.flatMap((event) => (event.event === 'run' ? event.run.state : []))
    expect(states).toEqual(['live', 'paused'])
  })

  it('lets the agent wait while a person has the run in hand', async () => {
    const { b, board, runs } = await started('run_1')
    const watching = await board.watch(
      'run_1',
      () => undefined,
      () => undefined,
    )
    expect(await board.act('run_1', { page: 'p', acts: [press] })).toMatchObject({
      error: { code: 'takeover_off' },
    })
    expect(await board.takeover('run_1', true, supervisor)).toMatchObject({
      run: { takeover: true, state: 'live' },
    })
    const audit = b.store.entries.at(-1)?.id
    await board.act('run_1', { page: 'p', acts: [press, { type: 'text', text: 'hunter2' }] })
    await board.takeover('run_1', false, supervisor)
    expect(runs[0]?.done).toEqual(['pause', `begin ${audit}`, 'p press', 'p text', 'end', 'resume'])
    expect(b.store.entries.at(-1)?.body).toMatchObject({
      ...{ change: 'takeover', on: false, left: false, presses: 1, keys: 1 },
    })
    expect(JSON.stringify(b.store.entries)).not.toContain('hunter2')
    expect(watching.ok).toBe(true)
  })

  it('stays paused after a takeover if it was before, and does not resume under one', async () => {
    const { board, runs } = await started('run_1')
    await board.set('run_1', 'paused', supervisor)
    await board.takeover('run_1', true, supervisor)
    await board.set('run_1', 'live', supervisor)
    expect(runs[0]?.done).not.toContain('resume')
    await board.set('run_1', 'paused', supervisor)
    await board.takeover('run_1', false, supervisor)
    expect(runs[0]?.done).not.toContain('resume')
  })

  it('pauses a run whose takeover nobody watches any more', async () => {
    const { b, board, runs } = await started('run_1')
    const watching = await board.watch(
      'run_1',
      () => undefined,
      () => undefined,
    )
    await board.takeover('run_1', true, supervisor)
    b.clock.advance(UNATTENDED_MS * 2)
    await settled()
    expect(await board.get('run_1')).toMatchObject({ takeover: true })
    if (watching.ok) watching.stop()
    b.clock.advance(UNATTENDED_MS)
    await settled()
    expect(await board.get('run_1')).toMatchObject({ takeover: false, state: 'paused' })
    expect(runs[0]?.done).toContain('end')
    expect(runs[0]?.done).not.toContain('resume')
    expect(b.store.entries.at(-1)).toMatchObject({ actor: 'companion', body: { left: true } })
  })

  it('refuses what the page does not take, and hangs up when the run ends', async () => {
    const { b, board, runs } = await started('run_1')
    let over = 0
    await board.watch(
      'run_1',
      () => undefined,
      () => void over++,
    )
    await board.ended('run_1', 'the agent left')
    expect(over).toBe(1)
    expect(runs[0]?.done).toEqual([])
    const gone = { act: () => Promise.reject(new Error('that page is closed')) }
    const other = fakeRun('run_2')
    const run = {
      ...other.run,
      takeover: { begin: () => undefined, end: () => undefined, ...gone },
    }
    await board.started(run)
    await board.takeover('run_2', true, supervisor)
    expect(await board.act('run_2', { page: 'p', acts: [press] })).toMatchObject({
      error: { code: 'input_refused', message: expect.stringContaining('closed') },
    })
    expect(b.reported).toEqual([])
  })
})

describe('after a restart', () => {
  it("the gateway's holds are withdrawn, and others go on waiting", async () => {
    const { b, board } = await started('run_1')
    const gone = await held(b, 'run_1')
    await ask(b.context, { id: 'r2', descriptor: descriptor(), asker: me })
    await b.restart()
    expect((await b.store.hold(gone.id))?.hold).toMatchObject({
      ...{ state: 'withdrawn', withdrawn: 'the companion stopped while it was held' },
    })
    const { holds } = await b.store.holds({ state: 'pending', limit: 9 })
    expect(holds.map(({ requestId }) => requestId)).toEqual(['r2'])
    expect(new RunBoard(b.context).counts()).toEqual({ live: 0, paused: 0 })
    expect(await new RunBoard(b.context).get('run_1')).toMatchObject({ state: 'ended' })
    expect(await board.get('run_1')).toMatchObject({ state: 'live' })
  })
})
