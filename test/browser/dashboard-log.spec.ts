import { type Browser, expect, type Page, test } from '@playwright/test'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { type Stand, startStand } from './dashboard-companion.ts'
import { hold } from './dashboard-holds.ts'
import { launchBrowser, type Opened, openDashboard } from './dashboard-open.ts'

let browser: Browser
let stand: Stand

test.beforeAll(async () => {
  browser = await launchBrowser()
})
test.afterAll(() => browser.close())
test.beforeEach(async () => {
  stand = await startStand()
})
test.afterEach(() => stand.stop())

const open = (opened: Opened = {}) => openDashboard(browser, stand, opened)
const rows = (page: Page) => page.locator('.log-row')

/** Puts `count` reads that passed on top of the log. */
function addReads(count: number): AuditEntry[] {
  const added = Array.from({ length: count }, (_, n) => read(stand.entries.length + 1 + n))
  stand.entries.push(...added)
  return added
}

function read(seq: number): AuditEntry {
  const { descriptor } = hold('hold_1', 1)
  const classification = { capability: 'read', category: 'other', effect: 'none', signals: [] }
  const { decision } = hold('hold_1', 1, { decision: { kind: 'allow', pattern: 'read' } })
  return {
    ...{ seq, id: `hp_${seq}`, at: new Date().toISOString(), kind: 'decision', actor: 'gateway' },
    ...{ hold: null, run: 'run_1', prev: '0'.repeat(64), hash: 'f'.repeat(64) },
    body: { descriptor, classification, decision, answer: 'go' },
  }
}

test('the log pages, filters and grows while it is open', async () => {
  const page = await open({ view: 'log' })
  const rows = page.locator('.log-row')
  await expect(rows).toHaveCount(50)
  await page.getByRole('button', { name: 'Older' }).click()
  await expect(rows).toHaveCount(stand.entries.length)
  const last = stand.entries.at(-1)
  if (!last) throw new Error('the sample log is empty')
  stand.push({ event: 'audit', entry: { ...last, seq: last.seq + 1, id: `hp_${last.seq + 1}` } })
  await expect(rows.first()).toContainText(`hp_${last.seq + 1}`)
  await page.getByLabel('Entry').selectOption('outcome')
  await expect(rows.first()).toContainText('Done')
  await expect(page.locator('.log .kind', { hasNotText: 'Done' })).toHaveCount(0)
})

test('an entry shows the whole way from seen to outcome', async () => {
  const page = await open({ view: 'log' })
  await page.locator('.log-row', { hasText: 'Done' }).first().click()
  await expect(page.locator('.step h2')).toHaveText([
    'Saw',
    'Analysed',
    'Held',
    'Asked',
    'Approved',
    'Released',
    'Done',
  ])
  await expect(page.locator('.record')).toContainText('Hash')
})

test('reads that passed are hidden until they are asked for, page by page', async () => {
  const acts = stand.entries.length
  addReads(120)
  const page = await open({ view: 'log' })
  await expect(page.getByText('Reads that passed: hidden')).toBeVisible()
  await expect(rows(page)).toHaveCount(50)
  await expect(rows(page).first()).toContainText(`hp_${acts}`)
  await page.getByRole('button', { name: 'Older' }).click()
  await expect(rows(page)).toHaveCount(acts)
  await page.getByRole('button', { name: 'Show reads' }).click()
  await expect(page.getByText('Reads that passed: shown')).toBeVisible()
  await expect(rows(page).first()).toContainText(`hp_${acts + 120}`)
  await expect(rows(page)).toHaveCount(50)
  await page.getByRole('button', { name: 'Hide reads' }).click()
  await expect(rows(page).first()).toContainText(`hp_${acts}`)
})

test('reads that arrive stay out of sight, and push nothing out of it', async () => {
  const last = stand.entries.at(-1)
  if (!last) throw new Error('the sample log is empty')
  const page = await open({ view: 'log' })
  await expect(rows(page)).toHaveCount(50)
  const seq = last.seq + 1
  stand.push({ event: 'audit', entry: { ...last, seq, id: `hp_${seq}` } })
  for (const entry of Array.from({ length: 250 }, (_, n) => read(seq + 1 + n)))
    stand.push({ event: 'audit', entry })
  const after = seq + 251
  stand.push({ event: 'audit', entry: { ...last, seq: after, id: `hp_${after}` } })
  await expect(rows(page).nth(0)).toContainText(`hp_${after}`)
  await expect(rows(page).nth(1)).toContainText(`hp_${seq}`)
  await expect(rows(page).nth(2)).toContainText(`hp_${last.seq}`)
})

test('who filters for reads sees them', async () => {
  const added = addReads(3)
  const page = await open({ view: 'log' })
  await page.getByLabel('Capability').selectOption('read')
  await expect(rows(page).first()).toContainText(added.at(-1)?.id ?? '')
  await expect(page.getByText('Reads that passed: shown')).toBeVisible()
})

test('the last entry leads on to nothing until another one follows it', async () => {
  const last = stand.entries.at(-1)
  if (!last) throw new Error('the sample log is empty')
  const page = await open({ view: `log/${last.id}` })
  const next = page.getByRole('link', { name: 'Next' })
  await expect(page.getByRole('button', { name: 'Next' })).toBeDisabled()
  await page.getByRole('link', { name: 'Previous' }).click()
  await expect(next).toHaveAttribute('href', `#/log/${last.id}`)
  await next.click()
  await expect(page.locator('.record')).toBeVisible()
  await expect(next).toHaveCount(0)
  stand.push({ event: 'audit', entry: read(last.seq + 1) })
  await expect(next).toHaveAttribute('href', `#/log/hp_${last.seq + 1}`)
})

test('an entry that is not there has no neighbours', async () => {
  const page = await open({ view: 'log/hp_9000' })
  await expect(page.getByText('There is no entry hp_9000.')).toBeVisible()
  await expect(page.getByText('Next')).toHaveCount(0)
})
