import AxeBuilder from '@axe-core/playwright'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Stand, settle, startStand, TOKEN } from './dashboard-companion.ts'
import { HOSTILE, hold } from './dashboard-holds.ts'
import { launchBrowser, type Opened, openDashboard } from './dashboard-open.ts'
import { policy, status } from './dashboard-samples.ts'

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
const verdicts = () => stand.received.filter((line) => line.includes('/verdict'))

test('the token leaves the address bar and survives a reload of the tab', async () => {
  const page = await open()
  await expect(page.locator('.hp-card')).toBeVisible()
  expect(page.url()).not.toContain(TOKEN)
  await page.reload()
  await expect(page.locator('.hp-card')).toBeVisible()
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([])
})

test('without a token the page says how to open it and takes a pasted link', async () => {
  const page = await open({ token: null })
  await expect(page.getByText('holdpoint status')).toBeVisible()
  await page.getByLabel('Link or token').fill(`${stand.url}#token=${TOKEN}`)
  await page.getByRole('button', { name: 'Open' }).click()
  await expect(page.locator('.hp-card')).toBeVisible()
})

test('a token the companion refuses shows nothing but the way to a new one', async () => {
  const page = await open({ token: 'revoked' })
  await expect(page.getByRole('alert')).toContainText('does not know this token')
  await expect(page.locator('.hp-card')).toHaveCount(0)
})

test('approve sends one verdict however often it is pressed', async () => {
  const page = await open()
  await armed(page)
  await approve(page).dblclick()
  await expect(page.getByText(/Approved by supervisor/)).toBeVisible()
  expect(verdicts()).toEqual(['POST /v1/holds/hold_1/verdict {"verdict":"approve"}'])
})

test('a click before the card was in view for long enough does nothing', async () => {
  const page = await open()
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'true')
  await approve(page).click({ force: true })
  await armed(page)
  expect(verdicts()).toEqual([])
})

test('the next card under the pointer has to be armed anew', async () => {
  const page = await open()
  await armed(page)
  const box = await approve(page).boundingBox()
  if (!box) throw new Error('Approve is not on the screen')
  await page.mouse.click(box.x + 20, box.y + 10)
  await expect(page.locator('[data-hold=hold_2]')).toBeVisible()
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'true')
  await approve(page).click({ force: true })
  await armed(page)
  expect(verdicts()).toHaveLength(1)
})

test('a card whose terms move is no longer armed', async () => {
  const page = await open()
  await armed(page)
  const moved = hold('hold_1', 7, {
    descriptor: { terms: { amounts: [], recipients: ['Mallory'], rows: null } },
  })
  stand.holds = stand.holds.map((each) => (each.id === moved.id ? moved : each))
  stand.push({ event: 'hold', hold: moved })
  await expect(page.locator('.hp-title')).toContainText('Mallory')
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'true')
})

test('scripts, and keys pressed elsewhere, never approve', async () => {
  const page = await open()
  await armed(page)
  await approve(page).evaluate((button: HTMLElement) => button.click())
  await approve(page).dispatchEvent('keydown', { key: 'Enter' })
  await approve(page).dispatchEvent('keyup', { key: 'Enter' })
  // A key that went down elsewhere and comes up on the button.
  await deny(page).focus()
  await page.keyboard.down('Enter')
  await approve(page).focus()
  await page.keyboard.up('Enter')
  await armed(page)
  expect(verdicts()).toEqual([])
  await approve(page).press('Enter')
  await expect.poll(verdicts).toHaveLength(1)
})

test('deny comes first in the order of the focus and carries the reason', async () => {
  const page = await open()
  await expect(deny(page)).toBeVisible()
  const order = await page
    .locator('.hp-buttons button')
    .evaluateAll((all) => all.map((one) => one.dataset.verdict))
  expect(order).toEqual(['deny', 'approve'])
  await page.getByText('Say why').click()
  await page.getByLabel('Reason', { exact: true }).fill('Wrong person')
  await deny(page).click()
  await expect
    .poll(verdicts)
    .toEqual(['POST /v1/holds/hold_1/verdict {"verdict":"deny","reason":"Wrong person"}'])
})

test('words of a page stay text, in sight and in one place', async () => {
  const page = await open()
  await page.locator('.queue-item').nth(4).click()
  const title = page.locator('.hp-title')
  await expect(title).toContainText('<img src=x')
  await expect(title).toContainText('⟦U+202E⟧')
  await expect(title).toContainText('⟦U+200B ×3⟧')
  await expect(page.locator('img')).toHaveCount(0)
  await expect(page.locator('.hp-unknown')).toContainText('Could not determine')
  expect(await page.title()).not.toBe('1')
  expect(await page.locator('body').textContent()).not.toContain(HOSTILE)
  await expect(title.locator('bdi').first()).toHaveCSS('unicode-bidi', 'isolate')
})

test('a hold decided elsewhere closes and says how', async () => {
  const page = await open()
  await expect(page.locator('[data-hold=hold_1]')).toBeVisible()
  settle(stand, 'hold_1', 'approve')
  await expect(page.getByText(/Approved by supervisor (just now|\d+ s ago)/)).toBeVisible()
  await expect(page.locator('[data-hold=hold_1]')).toHaveCount(0)
  await expect(page).toHaveTitle(/^\(5\)/)
})

test('a hold that replaces another shows what moved', async () => {
  const page = await open()
  await page.locator('.queue-item').nth(5).click()
  await expect(page.locator('.hp-moved del').first()).toContainText('$340.00')
  await expect(page.locator('.hp-moved ins').first()).toContainText('$98,000.00')
})

test('a lost companion is said at once, and nothing can be approved meanwhile', async () => {
  const page = await open()
  await armed(page)
  await stand.stop()
  await expect(page.getByRole('alert')).toContainText('Everything stays held')
  await expect(approve(page)).toHaveAttribute('aria-disabled', 'true')
})

test('problems of the policy are loud and lead to their line', async () => {
  stand.policy = policy({ problems: [{ message: 'unknown word `efect`', line: 9, column: 5 }] })
  const page = await open({ view: 'policy' })
  await expect(page.locator('.problems')).toContainText('unknown word')
  await page.getByRole('button', { name: 'line 9:5' }).click()
  await expect(page.locator('.source [aria-current]')).toContainText('effect: allow')
})

test('switching to observe asks back, switching to shadow does not', async () => {
  const page = await open({ view: 'policy' })
  await page.getByRole('button', { name: 'Observe' }).click()
  await page.getByRole('button', { name: 'Keep Enforce' }).click()
  expect(stand.received).toEqual([])
  await page.getByRole('button', { name: 'Shadow', exact: true }).click()
  await expect
    .poll(() => stand.received)
    .toEqual(['PUT /v1/policy/mode {"site":null,"mode":"shadow"}'])
})

test('an open breaker is said everywhere and closed with a reason', async () => {
  stand.status = status({
    breaker: {
      open: true,
      reason: 'a script pressed Approve',
      scopes: [
        { scope: 'policy', reason: 'a script pressed Approve', since: new Date().toISOString() },
      ],
    },
  })
  const page = await open()
  await page.getByRole('link', { name: 'Look at it' }).click()
  const close = page.getByRole('button', { name: 'Close the breaker' })
  await expect(close).toBeDisabled()
  await page.getByLabel('Why it may go on').fill('it was our own test')
  await close.click()
  await expect(page.getByText('Nothing tripped it')).toBeVisible()
})

test('a pairing code is shown with the time it is valid for', async () => {
  const page = await open({ view: 'status' })
  await page.getByRole('button', { name: 'Make a code' }).click()
  await expect(page.locator('.pair-code')).toContainText('481 920')
  await expect(page.getByText(/Valid for/)).toBeVisible()
})

for (const [width, scheme] of [
  [1280, 'light'],
  [320, 'dark'],
] as const) {
  test(`every view is accessible and fits at ${width} px, ${scheme}`, async () => {
    const page = await open({ width, scheme })
    for (const view of ['pending', 'log', 'log/hp_47', 'policy', 'status']) {
      await page.evaluate((to) => location.assign(`#/${to}`), view)
      await expect(page.locator('main .view h1')).toBeVisible()
      await expect(page.locator('.skeleton')).toHaveCount(0)
      if (view === 'pending') await armed(page)
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
