import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, denialsReach } from './denials.ts'
import { type McpServer, startMcpServer } from './mcp-server.ts'
import { type Stage, startStage } from './stage.ts'

let stage: Stage
let server: McpServer
const out = mkdtempSync(join(tmpdir(), 'holdpoint-mcp-'))

beforeAll(async () => {
  // With the gateway's own patience: it has to notice that this is no script.
  stage = await startStage({ budgets: {} })
  server = await startMcpServer('node_modules/@playwright/mcp/cli.js', [
    '--cdp-endpoint',
    stage.cdp,
    '--output-dir',
    out,
  ])
})

afterAll(async () => {
  await server?.stop()
  await stage?.stop()
  rmSync(out, { recursive: true, force: true })
})

/** The reference that a snapshot gives to a control: what its tools take. */
async function control(role: string, name: string): Promise<{ element: string; target: string }> {
  const snapshot = await server.call('browser_snapshot')
  const target = new RegExp(`${role} "${name}".*?\\[ref=(\\w+)\\]`).exec(snapshot)?.[1]
  if (target === undefined) throw new Error(`no ${role} "${name}" in the snapshot:\n${snapshot}`)
  return { element: name, target }
}

const client: Client = {
  open: async (url) => void (await server.call('browser_navigate', { url })),
  click: async (name) => await server.call('browser_click', await control('button', name)),
  async enter(label) {
    const field = await control('textbox', label)
    return await server.call('browser_type', { ...field, text: 'hello', submit: true })
  },
}

describe('@playwright/mcp by --cdp-endpoint', () => {
  it('navigates and takes a snapshot', async () => {
    await client.open(stage.site.url)
    expect(await server.call('browser_snapshot')).toMatch(/heading "Counting" \[level=1\]/)
  })

  it('clicks, types and evaluates', async () => {
    await client.open(stage.site.url)
    await client.click('Show')
    const field = await control('textbox', 'Message')
    await server.call('browser_type', { ...field, text: 'hello' })
    const read = '() => [document.querySelector("output").value, document.forms[0].message.value]'
    const result = await server.call('browser_evaluate', { function: read })
    expect(result).toMatch(/"shown",\s+"hello"/)
  })

  it('takes a screenshot', async () => {
    await client.open(stage.site.url)
    expect(await server.call('browser_take_screenshot')).toContain('[image]')
  })

  it('lists the tabs', async () => {
    await client.open(stage.site.url)
    expect(await server.call('browser_tabs', { action: 'list' })).toContain(stage.site.url)
  })

  denialsReach(client, () => stage)
})
