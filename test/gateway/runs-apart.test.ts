import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Params } from '#companion/gateway/cdp.ts'
import type { RunHandle } from '#companion/gateway/gateway.ts'
import { protocolMethods } from '../unit/gateway/protocol.ts'
import { type AgentPage, HostBench } from './host-bench.ts'
import type { RawAgent } from './raw-agent.ts'

/** Two runs in one browser. What one of them names or leaves out never means the other's. */

let bench: HostBench
let second: RunHandle
let one: RawAgent
let two: RawAgent
let ofOne: AgentPage
let ofTwo: AgentPage

beforeAll(async () => {
  bench = await HostBench.start({ pages: { '/app': '<!doctype html><title>app</title><body>' } })
  second = await bench.host.newRun({ name: 'second', agent: 'second' })
  one = await bench.agent()
  two = await bench.agent(second)
  ofOne = await bench.open(one, '/app?one')
  ofTwo = await bench.open(two, '/app?two')
})
afterAll(async () => {
  one?.end()
  two?.end()
  await bench?.stop()
})

const IDS = ['targetId', 'browserContextId', 'windowId'] as const

const naming = protocolMethods.flatMap(({ name, parameters }) => {
  const ids = IDS.filter((id) => parameters.some((parameter) => parameter.name === id))
  return ids.map((id): [string, (typeof IDS)[number]] => [name, id])
})

describe('ids of the other run', () => {
  const foreign = async (): Promise<Params> => {
    const { targetId } = ofOne
    const { windowId } = await one.call('Browser.getWindowForTarget', { targetId })
    return { targetId, windowId, browserContextId: bench.pages()[0]?.browserContextId }
  }

  it.each(naming)('%s takes no %s of it', async (method, id) => {
    const named = { [id]: (await foreign())[id] }
    const more = { url: 'about:blank', behavior: 'deny', bounds: {}, cookies: [], permissions: [] }
    const own = id === 'windowId' ? named : { ...more, ...named }
    for (const session of [undefined, ofTwo.session]) {
      const { error, result } = await two.ask(method, own, session)
      if (method === 'Target.getDevToolsTarget') expect(result).toEqual({})
      else expect(error?.message, method).toBeDefined()
    }
    expect(await ofOne.evaluate('document.title')).toBe('app')
  })

  it('are all that the protocol has', () => {
    expect(naming.length).toBeGreaterThan(20)
  })
})

describe('what names nobody means the own run:', () => {
  const state = (page: AgentPage) =>
    page.evaluate(`navigator.permissions.query({ name: 'geolocation' }).then((p) => p.state)`)

  it.each([
    ['the browser', () => undefined],
    ['a page', () => ofTwo.session],
  ])('permissions, on the session of %s', async (_name, session) => {
    const before = await state(ofOne)
    for (const setting of ['denied', 'prompt']) {
      await two.call(
        'Browser.setPermission',
        { permission: { name: 'geolocation' }, setting },
        session(),
      )
      expect(await state(ofOne)).toBe(before)
      expect(await state(ofTwo)).toBe(setting)
    }
    // Nor are those of the other taken away.
    await one.call('Browser.setPermission', {
      permission: { name: 'geolocation' },
      setting: 'denied',
    })
    await two.call('Browser.resetPermissions', {}, session())
    expect(await state(ofOne)).toBe('denied')
    await one.call('Browser.resetPermissions')
  })

  it('cookies', async () => {
    await ofOne.evaluate(`document.cookie = 'whose=one'`)
    await ofTwo.evaluate(`document.cookie = 'mine=two'`)
    const context = await two.call('Target.createBrowserContext')
    const apart = await bench.open(two, '/app', context)
    for (const session of [undefined, ofTwo.session, apart.session]) {
      const { cookies } = await two.call('Storage.getCookies', {}, session)
      expect(JSON.stringify(cookies).match(/"(?:mine|whose)"/g)).toEqual(
        session === apart.session ? null : ['"mine"'],
      )
    }
  })
})
