/** Lets an MCP browser server that is not ours (@playwright/mcp) work in a real webmail (Roundcube 1.6)
 * behind `holdpoint run`, and compares with what the mail server really delivered:
 *
 *   npm run real:roundcube:gateway -- URL USER PASSWORD 'COMMAND THAT PRINTS THE TRUTH AS JSON'
 *
 * The truth command prints at least `{"delivered":N,"inbox":N,"trash":N}`. */
import { execSync } from 'node:child_process'
import { once } from 'node:events'
import { chromium } from '@playwright/test'
import { WebSocketServer } from 'ws'
import * as z from 'zod/mini'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { pause, until } from '#companion/practice/supervisor.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import { type McpRun, mcpRun } from './mcp-run.ts'

const Truth = z.object({ delivered: z.int(), inbox: z.int(), trash: z.int() })
const [url, user, password, truthCommand] = process.argv.slice(2)
if (!url || !user || !password || !truthCommand) {
  console.error("usage: roundcube-gateway.ts URL USER PASSWORD 'TRUTH COMMAND'")
  process.exit(2)
}
const truth = () => Truth.parse(JSON.parse(execSync(truthCommand, { encoding: 'utf8' })))

/** What this webmail does by itself, in its own words: it polls, counts and keeps its layout. */
const policy = `version: 1
scope: Read the mail and write drafts. A person sends and deletes.
rules:
  - id: housekeeping
    effect: allow
    on:
      request:
        - "${url}?_task=mail&_action=refresh"
        - "${url}?_task=mail&_action=getunread"
        - "${url}?_task=mail&_action=autocomplete"
        - "${url}?_task=utils&_action=save-pref"
        - "${url}?_task=mail&_action=mark"
    acknowledge: [communication]
`

let failed = 0
function check(what: string, ok: boolean, detail: unknown = ''): void {
  if (!ok) failed++
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what} ${detail === '' ? '' : JSON.stringify(detail)}`)
}

const run = await mcpRun(policy)
const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 })
await once(sockets, 'listening')
let received = 0
sockets.on('connection', (socket) => socket.on('message', () => received++))
try {
  await work(run)
} catch (error) {
  check('the work got to its end', false, error instanceof Error ? error.message : String(error))
} finally {
  await run.close()
  sockets.close()
}
console.log(failed === 0 ? 'all as expected' : `${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

async function work({ tool, person }: McpRun): Promise<void> {
  const start = truth()
  await tool('browser_navigate', { url })
  await tool('browser_type', { element: 'user', target: '#rcmloginuser', text: user })
  await tool('browser_type', { element: 'password', target: '#rcmloginpwd', text: password })
  await tool('browser_click', { element: 'Login', target: '#rcmloginsubmit' })
  const inbox = async () =>
    (await tool('browser_snapshot', {})).includes('Invoice 2041 overdue') || undefined
  check('the agent logs in and reads the inbox', (await until(inbox, 8_000)) === true)
  await compose(tool)
  const noHolds = await person.pending()
  check('log in, read, write a draft: no prompt', noHolds.length === 0, noHolds.map(said))

  const sending = tool('browser_click', { element: 'Send', target: 'button.send' })
  const held = await until(async () => (await person.pending())[0], 8_000)
  check('send is held', held?.classification.capability === 'send', held && said(held))
  check('nothing delivered while held', truth().delivered === start.delivered)
  const first = await sending
  check('the agent reads that it waits', first.includes('NOT executed'), first.slice(0, 400))
  await approveInDashboard(run)
  await pause(1_500)
  check('approved and not repeated: still not delivered', truth().delivered === start.delivered)
  const repeated = await tool('browser_click', { element: 'Send', target: 'button.send' })
  await until(() => (truth().delivered > start.delivered ? true : undefined), 10_000)
  await pause(1_500)
  check('repeated: delivered exactly once', truth().delivered === start.delivered + 1, truth())
  check('without another prompt', (await person.pending()).length === 0, repeated.slice(0, 200))

  await tool('browser_navigate', { url: `${url}?_task=mail&_mbox=INBOX` })
  await tool('browser_click', { element: 'first mail', target: '#messagelist tbody tr >> nth=0' })
  const deleting = tool('browser_click', { element: 'Delete', target: '#toolbar-menu a.delete' })
  const removal = await until(async () => (await person.pending())[0], 8_000)
  check('delete is held', removal?.classification.capability === 'delete', removal && said(removal))
  if (removal) await person.decide(removal.id, 'deny', 'Keep this mail.')
  const told = await deleting
  check('the denial reaches the tool result', told.includes('Keep this mail.'), told.slice(0, 400))
  check('nothing deleted', truth().inbox === start.inbox && truth().trash === start.trash, truth())

  await scripts(run)
  console.log('\nthe log:')
  for (const { id, kind, body } of await person.entriesAfter(0))
    console.log(`  ${id} ${kind} ${JSON.stringify(body).slice(0, 160)}`)
}

/** What the agent does without a hand: a script that posts, and one that opens a socket. */
async function scripts({ tool, person }: McpRun): Promise<void> {
  const before = truth()
  const posting = tool('browser_evaluate', {
    function: `() => fetch('${url}?_task=mail&_action=delete', { method: 'POST', body: '_uid=1' }).then((r) => r.status)`,
  })
  const posted = await until(async () => (await person.pending())[0], 8_000)
  check(
    'a script that posts is held',
    posted?.descriptor.request?.method === 'POST',
    posted && said(posted),
  )
  if (posted) await person.decide(posted.id, 'deny', 'No scripts.')
  check('and reads that it was denied', /40[0-9]|denied/i.test(await posting))
  check('nothing was deleted by it', truth().inbox === before.inbox)

  const address = sockets.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const opening = tool('browser_evaluate', {
    function: `() => new Promise((done) => { const s = new WebSocket('ws://127.0.0.1:${port}/'); s.onopen = () => { s.send('transfer'); done('open') }; s.onerror = () => done('error') })`,
  })
  const socket = await until(async () => (await person.pending())[0], 8_000)
  check(
    'a WebSocket is held',
    socket?.descriptor.request?.kind === 'websocket',
    socket && said(socket),
  )
  if (socket) await person.decide(socket.id, 'deny', 'No sockets.')
  check('and fails', (await opening).includes('error'))
  check('its server received nothing', received === 0)
}

async function compose(tool: McpRun['tool']): Promise<void> {
  await tool('browser_navigate', { url: `${url}?_task=mail&_action=compose` })
  const to = '.recipient-input input >> nth=0'
  await tool('browser_type', { element: 'To', target: to, text: 'dana@client.test,' })
  await tool('browser_type', { element: 'Subject', target: '#compose-subject', text: 'Offer' })
  await tool('browser_type', { element: 'Body', target: '#composebody', text: 'Dear Dana' })
}

/** A person's hand in the dashboard: another browser, which no agent reaches. */
async function approveInDashboard({ dashboard }: McpRun): Promise<void> {
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: found.browser.path, args })
  try {
    const page = await browser.newPage()
    await page.goto(dashboard)
    // It says what it does: its name is the action's own.
    const approve = page.locator('.hp-approve')
    await approve.click({ timeout: 15_000 })
    await approve.waitFor({ state: 'detached', timeout: 10_000 })
  } finally {
    await browser.close()
  }
}

function said({ descriptor, classification }: Hold): string {
  const { target, request } = descriptor
  return `${classification.capability}: ${target.role} "${target.name}" ${request ? `${request.method} ${request.url}` : ''}`
}
