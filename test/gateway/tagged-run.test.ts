import { afterAll, beforeAll, expect, it } from 'vitest'
import { HostBench } from './host-bench.ts'
import { until } from './requests-bench.ts'

/** A workflow is what a run was started for, by the word of whoever started it. */

let bench: HostBench

beforeAll(async () => {
  bench = await HostBench.start({
    pages: {
      '/contact': `<!doctype html><title>contact</title><button id=save>Save changes</button>
        <script>save.onclick = () => fetch('/save' + location.search, { method: 'POST' })</script>`,
    },
    policy:
      'version: 1\nrules:\n  - { id: hygiene, effect: allow, on: { tag: crm-hygiene, capability: update } }\n',
  })
})
afterAll(() => bench?.stop())

it('a rule for one workflow is for the runs that were started for it, and for no other', async () => {
  const tagged = await bench.host.newRun({ name: 'nightly', agent: 'bot', tag: 'crm-hygiene' })
  const agents = { tagged: await bench.agent(tagged), plain: await bench.agent() }
  const page = await bench.open(agents.tagged, '/contact?tagged')
  expect((await page.click('#save')).error).toBeUndefined()
  await until(() => bench.site.mutating().includes('POST /save?tagged'))

  const other = await bench.open(agents.plain, '/contact?plain')
  void other.click('#save').catch(() => undefined)
  const hold = await bench.held('Save changes')
  expect(hold.decision.wouldNeed.join()).toContain('crm-hygiene')
  expect(bench.site.mutating()).not.toContain('POST /save?plain')
  await bench.verdict(hold.id, 'deny')
  for (const agent of Object.values(agents)) agent.end()
})
