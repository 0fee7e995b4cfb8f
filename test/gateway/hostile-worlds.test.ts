import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { numberOf, type Params, paramsOf, textOf } from '#companion/gateway/cdp.ts'
import { type AgentPage, HostBench } from './host-bench.ts'
import type { RawAgent, RawMessage } from './raw-agent.ts'
import { until } from './requests-bench.ts'

/** The companion looks into pages from a world of its own. To an agent it is not there: it hears nothing
 * of it, and whatever it names, guesses or claims does not lead there. */

let bench: HostBench
let agent: RawAgent
let page: AgentPage
/** The companion's own worlds of the page, as its session knows them. */
const own: { id: number; uniqueId: string; name: string }[] = []

beforeAll(async () => {
  const pages = {
    '/': '<!doctype html><title>app</title><button id=see>See</button><iframe src="/inner"></iframe>',
    '/inner': '<!doctype html><button>Inner</button>',
  }
  bench = await HostBench.start({ pages })
  agent = await bench.agent()
  page = await bench.open(agent, '/')
  for (const method of ['Runtime.enable', 'Debugger.enable', 'Page.enable', 'DOM.enable'])
    await page.ask(method)
  await page.click('#see')
  await page.clickAt(40, 60)
  await learn()
})
afterAll(async () => {
  agent?.end()
  await bench?.stop()
})

/** Asks the browser on a session of its own, past the gateway. */
async function learn(): Promise<void> {
  const { pipe } = bench.host.gateway.wire
  const root = textOf((await pipe.call('Target.attachToBrowserTarget')).sessionId)
  const params = { targetId: page.targetId, flatten: true }
  const attached = await pipe.call('Target.attachToTarget', params, root)
  const session = pipe.session(textOf(attached.sessionId))
  session.on('Runtime.executionContextCreated', ({ context }) => {
    const { id, uniqueId, name, auxData } = paramsOf(context)
    if (paramsOf(auxData).isDefault === true) return
    own.push({ id: numberOf(id) ?? 0, uniqueId: textOf(uniqueId) ?? '', name: textOf(name) ?? '' })
  })
  await session.call('Runtime.enable')
  await pipe.call('Target.detachFromTarget', { sessionId: root })
}

const refused = (message: RawMessage) => expect(message.error?.message).toBeDefined()

it('there is one', () => {
  expect(own.length).toBeGreaterThan(0)
  expect(own.every(({ id, uniqueId, name }) => id > 0 && uniqueId !== '' && name !== '')).toBe(true)
})

it('an agent hears of none, not even of what runs in it or of its end', async () => {
  await agent.call('Page.navigate', { url: `${bench.site.origin}/?again` }, page.session)
  await page.at(`${bench.site.origin}/?again`)
  await page.click('#see')
  await page.ask('Debugger.disable')
  await page.ask('Debugger.enable')
  const text = JSON.stringify(agent.messages)
  for (const { uniqueId, name } of own) {
    expect(text).not.toContain(name)
    expect(text).not.toContain(uniqueId)
  }
  const scripts = agent.messages.filter(({ method }) => method === 'Debugger.scriptParsed')
  const isolated = scripts.map(({ params }) => paramsOf(paramsOf(params).executionContextAuxData))
  expect(isolated.filter(({ type }) => type === 'isolated')).toEqual([])
  await agent.call('Page.navigate', { url: `${bench.site.origin}/` }, page.session)
  await page.at(`${bench.site.origin}/`)
  await page.click('#see')
  own.length = 0
  await learn()
})

describe('an agent gets into none', () => {
  const expression = 'Object.getOwnPropertyNames(globalThis).join()'
  const functionDeclaration = '() => 1'

  it('by its number or its unique id', async () => {
    for (const { id, uniqueId } of own) {
      refused(await page.ask('Runtime.evaluate', { expression, contextId: id }))
      refused(await page.ask('Runtime.evaluate', { expression, uniqueContextId: uniqueId }))
      const call = { functionDeclaration, executionContextId: id }
      refused(await page.ask('Runtime.callFunctionOn', call))
      const unique = { functionDeclaration, uniqueContextId: uniqueId }
      refused(await page.ask('Runtime.callFunctionOn', unique))
      refused(await page.ask('Runtime.globalLexicalScopeNames', { executionContextId: id }))
      refused(await page.ask('Runtime.addBinding', { name: 'spy', executionContextId: id }))
      const script = { expression, sourceURL: '', persistScript: true, executionContextId: id }
      refused(await page.ask('Runtime.compileScript', script))
    }
  })

  it('by a node, as an object of that world', async () => {
    const { root } = await agent.call('DOM.getDocument', {}, page.session)
    const { nodeId } = paramsOf(root)
    for (const { id } of own)
      refused(await page.ask('DOM.resolveNode', { nodeId, executionContextId: id }))
  })

  it('by an object id that it makes up', async () => {
    const made = await page.ask('Runtime.evaluate', { expression: 'document' })
    const objectId = textOf(paramsOf(made.result?.result).objectId) ?? ''
    const [isolate] = objectId.split('.')
    for (const { id } of own)
      for (let at = 1; at < 12; at++) {
        const object = { objectId: `${isolate}.${id}.${at}` }
        refused(await page.ask('Runtime.getProperties', object))
        refused(await page.ask('Runtime.callFunctionOn', { functionDeclaration, ...object }))
      }
  })

  it('by its name', async () => {
    const { frameTree } = await agent.call('Page.getFrameTree', {}, page.session)
    const frameId = paramsOf(paramsOf(frameTree).frame).id
    for (const { name } of own) {
      refused(await page.ask('Page.createIsolatedWorld', { frameId, worldName: name }))
      const script: Params = { source: '1', worldName: name }
      refused(await page.ask('Page.addScriptToEvaluateOnNewDocument', script))
      refused(
        await page.ask('Page.addScriptToEvaluateOnNewDocument', {
          ...script,
          runImmediately: true,
        }),
      )
      const binding = { name: 'spy', executionContextName: name }
      refused(await page.ask('Runtime.addBinding', binding))
    }
  })

  it('by guessing, also from another connection of the run', async () => {
    const other = await bench.agent()
    const session = await other.attach(page.targetId)
    const found: number[] = []
    await Promise.all(
      Array.from({ length: 60 }, async (_, id) => {
        const got = await other.ask('Runtime.evaluate', { expression, contextId: id }, session)
        if (got.error) return
        found.push(id)
        expect(paramsOf(got.result?.result).value).not.toMatch(/h[0-9a-f]{24}|holdpointPage/)
      }),
    )
    // The page and its frame.
    expect(found).toHaveLength(2)
    expect(own.some(({ id }) => found.includes(id))).toBe(false)
    other.end()
  })
})

it('an agent’s own worlds are its own', async () => {
  const { frameTree } = await agent.call('Page.getFrameTree', {}, page.session)
  const frameId = paramsOf(paramsOf(frameTree).frame).id
  const made = await agent.call(
    'Page.createIsolatedWorld',
    { frameId, worldName: 'mine' },
    page.session,
  )
  const contextId = numberOf(made.executionContextId)
  const seen = () =>
    agent.messages.some(
      ({ method, params }) =>
        method === 'Runtime.executionContextCreated' &&
        paramsOf(paramsOf(params).context).name === 'mine',
    )
  await until(() => seen(), 5000)
  const answer = await page.ask('Runtime.evaluate', { expression: '1 + 1', contextId })
  expect(paramsOf(answer.result?.result).value).toBe(2)
})
