import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BrowserBoard, FIRST_LEASE_MS, LEASE_GRACE_MS } from '#companion/server/browser-board.ts'
import type { LeaseEvent, NewBrowser } from '#shared/protocol/browser.ts'
import { bench, settled } from '../bench.ts'
import { fakeHost } from './fake-host.ts'

const wish: NewBrowser = { headless: true, switches: [], name: 'weekly report', agent: 'reporter' }

async function setUp() {
  const { context, clock, reported } = await bench()
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'holdpoint-board-')))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const board = new BrowserBoard(context, home)
  const { host, browsers, next } = fakeHost()
  board.fill(host)
  const open = async (more: Partial<NewBrowser> = {}) => {
    const done = await board.open({ ...wish, ...more }, 'lease')
    if (!done.ok) throw new Error(done.error.code)
    return done.browser
  }
  const refused = async (more: Partial<NewBrowser>) => {
    const done = await board.open({ ...wish, ...more }, 'lease')
    return done.ok ? null : done.error.code
  }
  const lease = (id: string) => {
    const told: LeaseEvent[] = []
    const done = board.lease(id, (event) => told.push(event))
    if (!done.ok) throw new Error(done.error.code)
    return { told, release: done.release }
  }
  return { board, home, browsers, next, clock, reported, open, refused, lease }
}

describe('BrowserBoard', () => {
  it('ends a browser that nobody takes a lease on', async () => {
    const { board, browsers, clock, open } = await setUp()
    await open()
    clock.advance(FIRST_LEASE_MS - 1)
    await settled()
    expect(browsers[0]?.stopped).toBe(false)
    clock.advance(1)
    await settled()
    expect(browsers[0]?.stopped).toBe(true)
    expect([board.list(), board.count()]).toEqual([[], 0])
  })

  it('ends a browser whose last lease has dropped, and keeps one that is taken up again', async () => {
    const { browsers, clock, open, lease } = await setUp()
    const { id } = await open()
    const first = lease(id)
    const second = lease(id)
    clock.advance(FIRST_LEASE_MS * 10)
    first.release()
    first.release()
    clock.advance(LEASE_GRACE_MS)
    second.release()
    clock.advance(LEASE_GRACE_MS - 1)
    const third = lease(id)
    clock.advance(LEASE_GRACE_MS)
    await settled()
    expect(browsers[0]?.stopped).toBe(false)
    third.release()
    clock.advance(LEASE_GRACE_MS)
    await settled()
    expect(browsers[0]?.stopped).toBe(true)
    expect(() => lease(id)).toThrow('browser_unknown')
  })

  it('tells the owner when the agent asks for the end, and when the browser has ended', async () => {
    const { browsers, open, lease } = await setUp()
    const { told } = lease((await open()).id)
    browsers[0]?.order.closeAsked()
    expect(told).toEqual(['close'])
    browsers[0]?.crash()
    await settled()
    expect(told).toEqual(['close', 'ended'])
    expect(browsers[0]?.stopped).toBe(true)
  })

  it('ends a browser with its run', async () => {
    const { board, browsers, open, lease } = await setUp()
    const { told } = lease((await open()).id)
    browsers[0]?.endRun()
    await settled()
    expect([browsers[0]?.stopped, told, board.count()]).toEqual([true, ['ended'], 0])
  })

  it('gives each browser a profile of its own, the first one first', async () => {
    const { board, home, open } = await setUp()
    const first = await open()
    const second = await open()
    expect([first.profile, second.profile]).toEqual([
      join(home, 'gateway-profile'),
      join(home, 'gateway-profile-2'),
    ])
    await board.stop(first.id)
    expect((await open()).profile).toBe(first.profile)
  })

  it('refuses a profile in use, however it is spelled, also while its browser is starting', async () => {
    const { home, next, open, refused } = await setUp()
    mkdirSync(join(home, 'mine'))
    symlinkSync(join(home, 'mine'), join(home, 'alias'))
    let go: () => void = () => undefined
    next.push(() => new Promise((resolve) => (go = () => resolve(null))))
    const starting = open({ profile: join(home, 'mine') })
    expect(await refused({ profile: join(home, 'alias') })).toBe('profile_in_use')
    expect(await refused({ profile: join(home, 'x', '..', 'mine') })).toBe('profile_in_use')
    go()
    await starting
    expect(await refused({ profile: `${join(home, 'mine')}/` })).toBe('profile_in_use')
  })

  it('refuses the folders that hold what approves', async () => {
    const { home, browsers, refused } = await setUp()
    symlinkSync(join(home, 'dashboard-profile'), join(home, 'alias'))
    mkdirSync(join(home, 'dashboard-profile'))
    for (const name of ['.', 'profile', 'dashboard-profile', 'dashboard-profile/Default', 'alias'])
      expect(await refused({ profile: join(home, name) }), name).toBe('profile_reserved')
    expect(browsers).toEqual([])
  })

  it('frees the profile where the browser cannot be started', async () => {
    const { board, home, next, open, refused } = await setUp()
    const profile = join(home, 'mine')
    next.push(() => Promise.reject(new Error('no memory')))
    next.push(async () => ({ ok: false, error: { code: 'browser_missing', message: '' } }))
    expect(await refused({ profile })).toBe('browser_failed')
    expect(await refused({ profile })).toBe('browser_missing')
    expect(board.count()).toBe(0)
    await open({ profile })
  })

  it("leaves alone what belongs to the companion's own process, until that leaves", async () => {
    const { board, browsers, clock, open } = await setUp()
    const own = await board.open(wish, 'companion')
    if (!own.ok) throw new Error(own.error.code)
    clock.advance(FIRST_LEASE_MS * 10)
    expect((await board.stop(own.browser.id)).ok).toBe(false)
    expect([browsers[0]?.stopped, board.leased()]).toEqual([false, false])
    const { id } = await open()
    let alone = false
    const unleased = board.unleased().then(() => {
      alone = true
    })
    await board.leave()
    await settled()
    expect([browsers[0]?.stopped, browsers[1]?.stopped, alone]).toEqual([true, false, false])
    await board.stop(id)
    await unleased
  })

  it('ends all at the close, also those that are still starting, and starts no more', async () => {
    const { board, browsers, next, open, refused } = await setUp()
    await open()
    let go: () => void = () => undefined
    next.push(() => new Promise((resolve) => (go = () => resolve(null))))
    const starting = refused({})
    const closed = board.close()
    go()
    expect(await starting).toBe('companion_stopping')
    await closed
    expect(browsers.map(({ stopped }) => stopped)).toEqual([true, true])
    expect(await refused({})).toBe('companion_stopping')
  })
})
