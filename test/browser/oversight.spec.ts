import AxeBuilder from '@axe-core/playwright'
import { type Browser, expect, type Page, test } from '@playwright/test'
import type { Hold } from '#shared/protocol/hold.ts'
import { type Stand, settle, startStand } from './dashboard-companion.ts'
import { hold } from './dashboard-holds.ts'
import { launchBrowser, type Opened, openDashboard } from './dashboard-open.ts'
import { entries, status } from './dashboard-samples.ts'
import {
  alike,
  approval,
  batch,
  batched,
  forTwo,
  promotions,
  SANDBOX,
  stagedPage,
  use,
} from './oversight-samples.ts'

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
const approve = (page: Page) => page.locator('[data-verdict=approve]')
const deny = (page: Page) => page.locator('[data-verdict=deny]')
const armed = (page: Page) => expect(approve(page)).toHaveAttribute('aria-disabled', 'false')
const row = (page: Page, id: string) => page.locator(`tr[data-hold=${id}]`)
const tick = (page: Page, id: string) => row(page, id).getByRole('checkbox')
const sent = () => stand.received.map((line) => line.split(' ').slice(1).join(' '))

test('a batch is reviewed together: what is ticked gets one verdict with one reason', async () => {
  stand.holds = batch()
  const page = await open()
  await expect(page.getByRole('heading', { name: '4 actions to review together' })).toBeVisible()
  await expect(page.locator('.batch-why')).toContainText('25 have gone')
  await expect(page.locator('.batch-why')).toContainText(/Asked again in 1[12] min/)
  await expect(row(page, 'hold_31')).toContainText('$40.00')
  await expect(row(page, 'hold_31')).toContainText('Ana Silva')
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'true')
  await tick(page, 'hold_31').check()
  await tick(page, 'hold_33').check()
  await page.getByLabel('One reason for all').fill('one ticket')
  await armed(page)
  await approve(page).click()
  await expect(page.getByText('2 approved')).toBeVisible()
  await expect(row(page, 'hold_31')).toHaveCount(0)
  await page.getByRole('checkbox', { name: 'All', exact: true }).check()
  await expect(deny(page)).toHaveText('Deny all 2')
  await deny(page).click()
  await expect(page.getByText('2 denied')).toBeVisible()
  expect(sent()).toEqual([
    '/v1/holds/verdicts {"holds":["hold_31","hold_33"],"verdict":"approve","reason":"one ticket"}',
    '/v1/holds/verdicts {"holds":["hold_32","hold_34"],"verdict":"deny"}',
  ])
})

test('what joins a batch is not ticked, and ticking starts the arming again', async () => {
  stand.holds = batch().slice(0, 2)
  const page = await open()
  await page.getByRole('checkbox', { name: 'All', exact: true }).check()
  await armed(page)
  const late = batched('hold_35', 'Eve', 49)
  stand.holds = [...stand.holds, late]
  stand.push({ event: 'hold', hold: late })
  await expect(row(page, 'hold_35')).toBeVisible()
  await expect(tick(page, 'hold_35')).not.toBeChecked()
  await expect(approve(page)).toHaveText('Approve 2')
  await tick(page, 'hold_35').check()
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'true')
  await approve(page).click({ force: true })
  await armed(page)
  expect(stand.received).toEqual([])
})

test('terms of a ticked action that move start the arming again', async () => {
  stand.holds = batch()
  const page = await open()
  await tick(page, 'hold_31').check()
  await armed(page)
  const moved = batched('hold_31', 'Mallory', 40)
  stand.holds = stand.holds.map((one) => (one.id === moved.id ? moved : one))
  stand.push({ event: 'hold', hold: moved })
  await expect(row(page, 'hold_31')).toContainText('Mallory')
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'true')
})

test('one of a batch is looked at in full, and answered alone', async () => {
  stand.holds = batch()
  const page = await open()
  await row(page, 'hold_32').getByRole('button', { name: 'All of it' }).click()
  await expect(page.locator('.batch-open')).toContainText('your refund is on its way')
  await page.getByRole('button', { name: 'Look at it alone' }).click()
  await expect(page.locator('.hp-card[data-hold=hold_32]')).toBeVisible()
  await deny(page).click()
  await expect(page.getByRole('heading', { name: '3 actions to review together' })).toBeVisible()
  expect(sent()).toEqual(['/v1/holds/hold_32/verdict {"verdict":"deny"}'])
})

test('two people approve: the first one is named, and cannot approve twice', async () => {
  stand.holds = [forTwo('hold_40')]
  const page = await open()
  const depends = page.getByRole('region', { name: 'What it depends on' })
  await expect(depends).toHaveText('Two different people have to approve it, each as finance-lead')
  await expect(page.locator('.hp-scope')).toContainText('Answer support mail')
  await page.getByText('Say why').click()
  await page.getByLabel('Reason', { exact: true }).fill('checked the invoice')
  await armed(page)
  await approve(page).click()
  await expect(depends).toHaveText(
    '1 of 2: supervisor (finance-lead) approved; one more finance-lead has to',
  )
  await expect(approve(page)).toHaveCount(0)
  await expect(page.locator('.hp-whynot')).toContainText('You have approved this')
  expect(sent()).toEqual([
    '/v1/holds/hold_40/verdict {"verdict":"approve","reason":"checked the invoice"}',
  ])
  settle(stand, 'hold_40', 'approve', undefined, 'Alice')
  await expect(page.getByText(/Approved by Alice/)).toBeVisible()
})

test('an approval that somebody else began can be completed', async () => {
  stand.holds = [forTwo('hold_40', [approval('Alice', 'finance-lead')])]
  const page = await open()
  await expect(page.getByText('1 of 2: Alice (finance-lead) approved')).toBeVisible()
  await expect(page.locator('.queue-item')).toContainText('1 of 2 approved')
  await armed(page)
  await approve(page).click()
  await expect(page.getByText(/Approved by supervisor/)).toBeVisible()
})

for (const [code, says] of [
  ['not_approver', 'Your approval does not count here'],
  ['own_run', 'You started this run'],
] as const) {
  test(`${code} is said beside the buttons`, async () => {
    stand.holds = [forTwo('hold_40')]
    stand.refusal = { code, detail: 'this takes the role `finance-lead`' }
    const page = await open()
    await armed(page)
    await approve(page).click()
    await expect(page.locator('.hp-card').getByRole('alert')).toContainText(says)
    await expect(page.locator('.banner')).toHaveCount(0)
    await expect(deny(page)).toHaveAttribute('aria-disabled', 'false')
  })
}

test('what is like it, what is offered instead and what a rule has yet to earn are shown', async () => {
  stand.holds = [alike('hold_41')]
  const page = await open()
  const depends = page.getByRole('region', { name: 'What it depends on' })
  await expect(depends).toContainText('143 of 200 clean reviews, 0 errors')
  await page.getByText('Why am I asked?').click()
  await expect(page.locator('.hp-why')).toContainText('Draft the reply')
  await depends.getByRole('link', { name: 'hp_12' }).click()
  await expect(page.getByRole('heading', { name: 'hp_12' })).toBeVisible()
})

test('each breaker says what it holds and since when, and is closed with a reason', async () => {
  const since = new Date(Date.now() - 700_000).toISOString()
  stand.status = status({
    breaker: {
      open: true,
      reason: 'too many went wrong',
      scopes: [
        { scope: 'rule small-refunds', reason: 'too many went wrong', since },
        { scope: 'site crm.example.com', reason: '5 failed', since },
      ],
    },
  })
  const page = await open({ view: 'status' })
  await expect(page.locator('.banner')).toContainText('what rule small-refunds would allow is held')
  const one = page.locator('.breakers > li').filter({ hasText: 'crm.example.com' })
  await expect(one).toContainText('Open for 11 min')
  const close = one.getByRole('button', { name: 'Close the breaker' })
  await expect(close).toBeDisabled()
  await one.getByLabel('Why it may go on').fill('the form was broken')
  await close.click()
  await expect(one).toHaveCount(0)
  await expect(page.locator('.breakers > li')).toHaveCount(1)
  expect(sent()).toEqual([
    '/v1/breaker/reset {"scope":"site crm.example.com","reason":"the form was broken"}',
  ])
})

test('a review that is due is said everywhere and closed with a note', async () => {
  const at = new Date().toISOString()
  const says = 'The last review of the policy was on 2026-08-01, so one is due'
  stand.status = status({ reviews: [{ why: 'time', since: at, dueAt: at, says }] })
  const page = await open()
  await page.getByRole('link', { name: 'Review it' }).click()
  await page.getByLabel('What you looked at and decided').fill('limits are right')
  await page.getByRole('button', { name: 'Close the review' }).click()
  await expect(page.getByText('Review due')).toHaveCount(0)
  expect(sent()).toEqual(['/v1/reviews {"note":"limits are right"}'])
})

test('the policy shows what is used of each limit, and turns on what a rule has earned', async () => {
  stand.use = use()
  const page = await open({ view: 'policy' })
  const used = page.getByRole('region', { name: 'Used now' })
  await expect(used).toContainText('25 of 25 this hour')
  await expect(used).toContainText(/some is free again in 12 min/)
  await expect(used).toContainText('$1,200.00 of $2,000.00 this day')
  await expect(used).toContainText('48 of 50 in one run')
  await expect(page.locator('.earned')).toContainText('143 of 200 clean reviews, 0 errors')
  stand.use = use({
    earned: stand.use.earned.map((one) => ({ ...one, reviews: 200, proposed: true })),
  })
  stand.push({ event: 'policy', version: 'x', ok: true })
  await expect(page.locator('.earned')).toContainText('turn it on?')
  await page.getByLabel('Why it may').fill('looked at the last 200')
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await expect(page.locator('.earned')).toContainText('turned on by a person')
  expect(sent()).toEqual(['/v1/policy/earned/small-refunds {"note":"looked at the last 200"}'])
})

test('what was staged is promoted with a note, and a promotion is revoked', async () => {
  stand.use = use({ sandbox: SANDBOX })
  stand.staged = stagedPage()
  stand.promotions = promotions()
  const page = await open()
  await page.getByRole('link', { name: 'Staged' }).click()
  const run = page.getByRole('region', { name: 'support-bot' })
  await run.getByRole('checkbox', { name: /^All 3/ }).check()
  await run.getByRole('checkbox', { name: /Bruno Costa/ }).uncheck()
  const button = page.getByRole('button', { name: 'Promote 2' })
  await expect(button).toBeDisabled()
  await page.getByLabel('Why it may be done on production').fill('compared with the ticket')
  await button.click()
  await expect(run.getByRole('listitem')).toHaveCount(1)
  await page.getByRole('button', { name: 'Revoke hp_11' }).click()
  await expect(page.getByRole('button', { name: 'Revoke hp_11' })).toHaveCount(0)
  expect(sent()).toEqual([
    '/v1/promotions {"entries":["hp_38","hp_44"],"note":"compared with the ticket"}',
    '/v1/promotions/hp_11 ',
  ])
})

test('without a sandbox there is no view of what is staged', async () => {
  const page = await open()
  await expect(page.getByRole('link', { name: 'Policy' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Staged' })).toHaveCount(0)
})

/** An entry of something that was let go and has a recipe to take it back. */
function undoable(of: Hold) {
  const { descriptor, classification, decision } = of
  const body = { answer: 'go', descriptor, classification, decision }
  const at = new Date(Date.now() - 60_000).toISOString()
  const chain = { prev: '0'.repeat(64), hash: 'a'.repeat(64) }
  const who = { actor: 'agent:bot', hold: null, run: null }
  return { seq: 900, id: 'hp_900', at, kind: 'decision' as const, ...who, body, ...chain }
}

test('an action with a recipe is undone from its trace, after a second look', async () => {
  const undo = { path: 'Task > Delete', within: '30d', recipe: 'delete-task' }
  stand.entries = [...entries(), undoable(hold('hold_1', 1, { decision: { undo } }))]
  const page = await open({ view: 'log/hp_900' })
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  expect(stand.received).toEqual([])
  await page.getByRole('button', { name: 'Undo it now' }).click()
  await expect(page.locator('.take-back')).toContainText('Taken back.')
  await expect(page.locator('.take-back')).toContainText('pressed Delete')
  expect(sent()).toEqual(['/v1/audit/hp_900/undo {}'])
})

test('an action without a recipe offers no undo', async () => {
  stand.entries = [...entries(), undoable(hold('hold_1', 1))]
  const page = await open({ view: 'log/hp_900' })
  await expect(page.getByText('Analysed')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toHaveCount(0)
})

test('an agent is named with what it is for', async () => {
  const page = await open({ view: 'runs' })
  await expect(page.locator('.hp-scope')).toContainText('No bulk deletes')
})

for (const [width, scheme] of [
  [1280, 'light'],
  [390, 'dark'],
  [320, 'light'],
] as const) {
  test(`it is accessible and fits at ${width} px, ${scheme}`, async () => {
    stand.holds = batch()
    stand.use = use({ sandbox: SANDBOX, phase: 'selective' })
    stand.staged = stagedPage()
    stand.promotions = promotions()
    const at = new Date().toISOString()
    stand.status = status({
      breaker: {
        open: true,
        reason: 'too many went wrong',
        scopes: [{ scope: 'rule small-refunds', reason: 'too many went wrong', since: at }],
      },
      reviews: [{ why: 'time', since: at, dueAt: at, says: 'A review is due' }],
    })
    const page = await open({ width, scheme })
    for (const view of ['pending', 'staged', 'policy', 'status']) {
      await page.evaluate((to) => location.assign(`#/${to}`), view)
      await expect(page.locator('main .view h1')).toBeVisible()
      await expect(page.locator('.skeleton')).toHaveCount(0)
      if (view === 'pending') {
        await tick(page, 'hold_31').check()
        await row(page, 'hold_32').getByRole('button', { name: 'All of it' }).click()
        await armed(page)
      }
      if (view === 'staged') await page.locator('.staged summary').first().click()
      const { violations } = await new AxeBuilder({ page }).analyze()
      const serious = violations.filter(
        ({ impact }) => impact === 'serious' || impact === 'critical',
      )
      expect(serious.map(({ id, nodes }) => `${view}: ${id} ${nodes[0]?.html}`)).toEqual([])
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(over, `${view} scrolls sideways`).toBeLessThanOrEqual(0)
    }
  })
}
