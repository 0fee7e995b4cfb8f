import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyHome } from '#companion/commands/audit.ts'
import { systemClock } from '#companion/core/system.ts'
import { PairCode } from '#shared/protocol/access.ts'
import { AuditPage, HoldPage, Paired, Status } from '#shared/protocol/api.ts'
import { CommandLine, ended } from './command-line.ts'
import {
  call,
  companion,
  connect,
  extensionOrigin,
  newHome,
  sendClick,
  type Worker,
  worker,
} from './companion.ts'

let holdpoint: CommandLine
beforeAll(async () => {
  holdpoint = await CommandLine.build()
}, 60_000)
afterAll(() => holdpoint.remove())

type Running = { url: string; token: string }

async function pair(c: Running): Promise<{ browser: Worker; token: string }> {
  const { code } = PairCode.parse((await call(c, 'POST', '/v1/pair/code')).body)
  const origin = { origin: extensionOrigin }
  const answer = await call(c, 'POST', '/v1/pair', { code, name: 'Chromium' }, origin)
  const { link, token } = Paired.parse(answer.body)
  return { browser: await connect(link, token), token }
}

async function kinds(c: Running): Promise<string[]> {
  const page = AuditPage.parse((await call(c, 'GET', '/v1/audit?limit=500')).body)
  return page.entries.map((entry) => entry.kind)
}

describe('a companion that is killed', () => {
  it('still has the pending hold when it is back, has released nothing, and can release it', async () => {
    const home = newHome()
    const before = await holdpoint.start(home)
    const { browser, token } = await pair(before)
    const asked = await browser.ask(sendClick(), 'r1')
    if (asked.state !== 'held') throw new Error(`expected held, got ${asked.state}`)
    before.child.kill('SIGKILL')
    await ended(before.child)

    const after = await holdpoint.start(home)
    expect(after.token).toBe(before.token)
    const { holds } = HoldPage.parse((await call(after, 'GET', '/v1/holds?state=pending')).body)
    expect(holds).toEqual([asked.hold])
    expect(await kinds(after)).not.toContain('release')

    const link = `${after.url.replace('http', 'ws')}/v1/link`
    const back = await connect(link, token)
    expect(await back.ask(sendClick(), 'r1')).toEqual(asked)
    const path = `/v1/holds/${asked.hold.id}/verdict`
    expect((await call(after, 'POST', path, { verdict: 'approve' })).status).toBe(200)
    const { ticket = '' } = await back.decided(asked.hold.id)
    const redeem = { type: 'redeem', id: 'm1', hold: asked.hold.id, ticket } as const
    const place = { tab: 1, frame: 0 }
    expect((await back.answer({ ...redeem, descriptor: sendClick(), place })).state).toBe('go')
    expect((await kinds(after)).filter((kind) => kind === 'release').length).toBe(1)

    after.child.kill('SIGTERM')
    expect(await ended(after.child)).toBe(0)
    expect(await verifyHome(home)).toMatchObject({ ok: true })
  })
})

describe('a companion that is stopped', () => {
  it('remembers when the browsers that were connected were last there', async () => {
    const home = newHome()
    let now = Date.parse('2026-11-21T09:00:00.000Z')
    const clock = { ...systemClock, now: () => now }
    const before = await companion({ home, clock })
    await worker(before)
    now += 3_600_000
    await before.stop()
    const after = await companion({ home, clock })
    const { browsers } = Status.parse((await call(after, 'GET', '/v1/status')).body)
    expect(browsers).toMatchObject([{ connected: false, lastSeen: '2026-11-21T10:00:00.000Z' }])
  })
})

describe('the command line', () => {
  it('approves, denies and shows what it did, by exit code and JSON', async () => {
    const home = newHome()
    const c = await holdpoint.start(home)
    const { browser } = await pair(c)
    const [first, second] = [await browser.ask(sendClick()), await browser.ask(sendClick())]
    if (first.state !== 'held' || second.state !== 'held') throw new Error('not held')
    const list = await holdpoint.run('holds', '--home', home, '--json')
    expect(HoldPage.parse(JSON.parse(list.out)).holds.length).toBe(2)
    const approve = await holdpoint.run('approve', first.hold.id, '--home', home)
    expect([approve.code, approve.out]).toEqual([0, `${first.hold.id} is approved\n`])
    expect((await browser.decided(first.hold.id)).state).toBe('approved')
    const deny = await holdpoint.run('deny', second.hold.id, '--reason', 'no', '--home', home)
    expect(deny.code).toBe(0)
    expect(await browser.decided(second.hold.id)).toMatchObject({ state: 'denied', reason: 'no' })
    const late = await holdpoint.run('approve', second.hold.id, '--home', home, '--json')
    expect(late.code).toBe(1)
    expect(JSON.parse(late.out)).toMatchObject({ error: { code: 'hold_denied' } })

    const twice = await holdpoint.run('start', '--home', home, '--port', '0', '--no-browser')
    expect([twice.code, twice.err]).toEqual([5, expect.stringContaining('running on')])
    expect((await holdpoint.run('status', '--home', home)).out).toContain('1 approved, 1 denied')
    expect((await holdpoint.run('mode', 'shadow', '--home', home)).out).toContain('shadow')
    const verify = await holdpoint.run('audit', 'verify', '--home', home, '--json')
    expect([verify.code, JSON.parse(verify.out)]).toMatchObject([0, { ok: true }])
    const csv = await holdpoint.run('audit', 'export', '--format', 'csv', '--home', home)
    expect(csv.out.split('\r\n')[0]).toBe('seq,id,at,kind,actor,hold,run,body,prev,hash')
  }, 60_000)

  it('says what is missing where no companion runs', async () => {
    const answer = await holdpoint.run('holds', '--home', newHome())
    expect([answer.code, answer.err]).toEqual([4, expect.stringContaining('holdpoint start')])
    expect((await holdpoint.run('holds', '--state', 'lost')).code).toBe(2)
    expect((await holdpoint.run('audit', 'verify', '--home', newHome())).code).toBe(4)
  })
})
