import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { paramsOf } from '#companion/gateway/cdp.ts'
import { type AgentPage, HostBench } from './host-bench.ts'
import type { RawAgent } from './raw-agent.ts'

/** What a plain browser would have said too, and no more. */
describe('an agent hears of a page', () => {
  let bench: HostBench
  let agent: RawAgent
  let page: AgentPage

  beforeAll(async () => {
    bench = await HostBench.start({
      pages: { '/': '<iframe src="/inner"></iframe>', '/inner': '<p>inner</p>' },
    })
    agent = await bench.agent()
    page = await bench.open(agent, '/')
  })
  afterAll(() => bench?.stop())

  it('without the world by which its input is looked at', async () => {
    await page.ask('Runtime.enable')
    const pressed = await page.clickAt(20, 20)
    expect(pressed.error).toBeUndefined()
    const announced = agent.messages.filter(
      ({ method }) => method === 'Runtime.executionContextCreated',
    )
    const names = announced.map(({ params }) => paramsOf(paramsOf(params).context).name)
    expect(names).toEqual(['', ''])
  })
})
