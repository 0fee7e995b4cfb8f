/** Runs the extension against a real webmail (Roundcube 1.6) and compares with what its server really
 * delivered:
 *
 *   npm run real:roundcube -- URL USER PASSWORD 'COMMAND THAT PRINTS THE TRUTH AS JSON'
 *
 * The truth command prints at least `{"delivered":N,"inbox":N,"trash":N}`. */
import { execSync } from 'node:child_process'
import type { BrowserContext, Page } from '@playwright/test'
import * as z from 'zod/mini'
import { Companion, openBrowser, pair } from '../fixtures.ts'

const Truth = z.object({ delivered: z.int(), inbox: z.int(), trash: z.int(), drafts: z.int() })
const [url, user, password, truthCommand] = process.argv.slice(2)
if (!url || !user || !password || !truthCommand) {
  console.error("usage: roundcube.ts URL USER PASSWORD 'TRUTH COMMAND'")
  process.exit(2)
}
const truth = () => Truth.parse(JSON.parse(execSync(truthCommand, { encoding: 'utf8' })))

let failed = 0
function check(what: string, ok: boolean, detail: unknown = ''): void {
  if (!ok) failed++
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what} ${detail === '' ? '' : JSON.stringify(detail)}`)
}

const companion = new Companion()
await companion.start()
const context: BrowserContext = await openBrowser()
try {
  await pair(context, companion)
  await run(await context.newPage())
} finally {
  await context.close()
  await companion.dispose()
}
console.log(failed === 0 ? 'roundcube: all as expected' : `roundcube: ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

async function run(page: Page): Promise<void> {
  const start = truth()
  await logIn(page)
  await search(page)
  await openMail(page)
  await draft(page, 'first')
  check(
    'log in, search, open a mail, type a draft: no prompt',
    (await companion.holds()).length === 0,
  )

  await clickSend(page)
  const [held] = await companion.pending()
  check('send is held', held?.classification.capability === 'send', held?.descriptor.terms)
  check('nothing delivered while held', truth().delivered === start.delivered)
  if (held) await companion.decide(held, 'deny', 'not yet')
  await settle(page)
  check('denied: not delivered', truth().delivered === start.delivered)
  check('denied: the draft is intact', (await page.inputValue('#composebody')) === 'first body')

  await clickSend(page)
  const [again] = await companion.pending()
  if (again) await companion.decide(again, 'approve')
  await waitFor(() => truth().delivered > start.delivered)
  await settle(page)
  check('approved: delivered exactly once', truth().delivered === start.delivered + 1, truth())

  await page.goto(`${url}?_task=mail&_mbox=INBOX`)
  await page.locator('#messagelist tbody tr').first().click()
  await page.locator('#toolbar-menu a.delete, a.delete').first().click()
  const [removal] = await companion.pending()
  check('delete is held', removal?.classification.capability === 'delete', removal?.classification)
  check('nothing deleted while held', truth().inbox === start.inbox)
  if (removal) await companion.decide(removal, 'deny')
  await settle(page)
  check(
    'denied: the mail is still there',
    truth().inbox === start.inbox && truth().trash === start.trash,
    truth(),
  )

  console.log('\nthe log, newest first:')
  for (const entry of await companion.audit())
    console.log(`  ${entry.id} ${entry.kind} ${entry.hold ?? ''}`)
}

async function logIn(page: Page): Promise<void> {
  await page.goto(`${url}`)
  await page.fill('#rcmloginuser', `${user}`)
  await page.fill('#rcmloginpwd', `${password}`)
  await page.click('#rcmloginsubmit')
  await page.waitForSelector('#messagelist')
}

async function search(page: Page): Promise<void> {
  await page.fill('#mailsearchform', 'Invoice')
  await page.press('#mailsearchform', 'Enter')
  await page.waitForFunction(() => document.querySelectorAll('#messagelist tbody tr').length === 1)
  await page.goto(`${url}?_task=mail&_mbox=INBOX`)
}

async function openMail(page: Page): Promise<void> {
  await page.locator('#messagelist tbody tr').first().dblclick()
  await page.waitForSelector('#messagebody, #messagecontframe')
}

async function draft(page: Page, text: string): Promise<void> {
  await page.goto(`${url}?_task=mail&_action=compose`)
  await page.waitForSelector('#composebody')
  await page.locator('.recipient-input input').first().fill('dana@client.test,')
  await page.fill('#compose-subject', `${text} subject`)
  await page.fill('#composebody', `${text} body`)
}

async function clickSend(page: Page): Promise<void> {
  await page.locator('button.send').click()
}

/** Lets the page do what it will: no request for a while. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await new Promise((resolve) => setTimeout(resolve, 1_500))
}

async function waitFor(done: () => boolean): Promise<void> {
  for (let i = 0; i < 40 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 250))
}
