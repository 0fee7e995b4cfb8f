import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, denialsReach } from './denials.ts'
import { type McpServer, startMcpServer } from './mcp-server.ts'
import { type Stage, startStage } from './stage.ts'

const script = 'node_modules/chrome-devtools-mcp/build/src/bin/chrome-devtools-mcp.js'

let stage: Stage
let server: McpServer
let pageId: number

beforeAll(async () => {
  // With the gateway's own patience: it has to notice that this is no script.
  stage = await startStage({ budgets: {} })
  // Without these two it would send statistics and page addresses to servers of its maker.
  const quiet = ['--no-usage-statistics', '--no-performance-crux']
  server = await startMcpServer(script, ['--browserUrl', stage.cdp, ...quiet])
  const pages = await server.call('new_page', { url: stage.site.url })
  pageId = Number(/^(\d+): .*\[selected\]/m.exec(pages)?.[1])
  expect(pageId, pages).toBeGreaterThan(0)
})

afterAll(async () => {
  await server?.stop()
  await stage?.stop()
})

const call = (tool: string, args: Record<string, unknown> = {}) =>
  server.call(tool, { pageId, ...args })

/** The id that a snapshot gives to a control: what its tools take. */
async function control(role: string, name: string): Promise<{ uid: string }> {
  const snapshot = await call('take_snapshot')
  const uid = new RegExp(`uid=(\\w+) ${role} "${name}"`).exec(snapshot)?.[1]
  if (uid === undefined) throw new Error(`no ${role} "${name}" in the snapshot:\n${snapshot}`)
  return { uid }
}

/** As a model has to: the tool says "Call handle_dialog to handle it before continuing". */
async function closeDialog(said: string): Promise<string> {
  if (said.includes('# Open dialog')) await call('handle_dialog', { action: 'accept' })
  return said
}

const client: Client = {
  open: async (url) => void (await call('navigate_page', { type: 'url', url })),
  click: async (name) => closeDialog(await call('click', await control('button', name))),
  async enter(label) {
    await call('fill', { ...(await control('textbox', label)), value: 'hello' })
    return await closeDialog(await call('press_key', { key: 'Enter' }))
  },
}

describe('chrome-devtools-mcp by --browserUrl', () => {
  it('navigates and takes a snapshot', async () => {
    await client.open(stage.site.url)
    expect(await call('take_snapshot')).toContain('heading "Counting" level="1"')
  })

  it('clicks, fills and evaluates', async () => {
    await client.open(stage.site.url)
    expect(await client.click('Show')).toContain('Successfully clicked')
    await call('fill', { ...(await control('textbox', 'Message')), value: 'hello' })
    const read = '() => [document.querySelector("output").value, document.forms[0].message.value]'
    expect(await call('evaluate_script', { function: read })).toContain('["shown","hello"]')
  })

  it('takes a screenshot', async () => {
    await client.open(stage.site.url)
    expect(await call('take_screenshot')).toContain('[image]')
  })

  denialsReach(client, () => stage)

  it('shows a refusal as a dialog that it can close, and goes on', async () => {
    await client.open(stage.site.url)
    const said = await call('click', await control('button', 'Delete all'))
    expect(said).toContain('# Open dialog\nalert: Holdpoint denied this action')
    expect(await call('handle_dialog', { action: 'accept' })).toContain('Successfully accepted')
    expect(await client.click('Show')).toContain('Successfully clicked')
  })
})
