import AxeBuilder from '@axe-core/playwright'
import { type Browser, expect, type Page, test } from '@playwright/test'
import type { Hold } from '#shared/protocol/hold.ts'
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
const section = (page: Page) => page.getByRole('region', { name: 'Approved, not yet done' })
const takeBack = (page: Page) => page.getByRole('button', { name: 'Take back' })

/** Approved `seconds` ago by way of the gateway: its agent has to do it again. */
function approved(id: string, seconds: number, parts: Partial<Hold> = {}): Hold {
  const at = Date.now() - seconds * 1000
  return hold(id, 3, {
    descriptor: { door: 'gateway' },
    hold: {
      state: 'approved',
      verdict: {
        verdict: 'approve',
        by: 'supervisor',
        surface: 'dashboard',
        at: new Date(at).toISOString(),
      },
      expiresAt: new Date(at + 120_000).toISOString(),
      ...parts,
    },
  })
}

test('an approval that was not taken up is shown with who, what and how long', async () => {
  stand.holds = [approved('hold_9', 30), approved('hold_8', 60, { released: true })]
  const page = await open()
  await expect(section(page).getByRole('listitem')).toHaveCount(1)
  await expect(section(page)).toContainText('dashboard.stripe.com')
  await expect(section(page)).toContainText('support-bot')
  await expect(section(page)).toContainText(/Approved by supervisor 3\d s ago/)
  await expect(section(page)).toContainText('when the agent does it again')
  await expect(section(page)).toContainText(/1:[12]\d left/)
  await expect(page).toHaveTitle(/^Pending/)
})

test('it is taken back by one press, and the view says so', async () => {
  stand.holds = [approved('hold_9', 30)]
  const page = await open()
  await takeBack(page).click()
  await expect(section(page)).toContainText('Denied by supervisor')
  await expect(section(page).getByRole('listitem')).toHaveCount(0)
  expect(stand.received).toEqual(['POST /v1/holds/hold_9/verdict {"verdict":"deny"}'])
})

test('it goes as soon as it was let go, and one that is taken up at once never comes', async () => {
  stand.holds = [approved('hold_9', 30)]
  const page = await open()
  await expect(section(page)).toBeVisible()
  stand.push({ event: 'hold', hold: approved('hold_9', 30, { released: true }) })
  await expect(section(page)).toHaveCount(0)
  stand.push({ event: 'hold', hold: approved('hold_7', 0) })
  await page.waitForTimeout(500)
  await expect(section(page)).toHaveCount(0)
  await expect(section(page)).toBeVisible({ timeout: 5000 })
})

test('its trace says that it waits, and takes it back too', async () => {
  const held = stand.entries.find((entry) => entry.hold === 'held_0')
  if (!held) throw new Error('the sample log has no hold')
  stand.holds = [approved('held_0', 30)]
  const page = await open({ view: `log/${held.id}` })
  await expect(page.locator('.approved-note')).toContainText('Approved, not yet done')
  await takeBack(page).click()
  await expect(page.locator('.approved-note')).toHaveCount(0)
  expect(stand.received).toEqual(['POST /v1/holds/held_0/verdict {"verdict":"deny"}'])
})

test('holds that cannot be read are counted, and the others are shown', async () => {
  stand.unreadable = 2
  const page = await open()
  await expect(page.locator('.hp-card')).toBeVisible()
  await expect(page.getByText('2 holds cannot be read')).toBeVisible()
})

for (const [width, scheme] of [
  [1280, 'light'],
  [390, 'dark'],
  [1280, 'dark'],
  [390, 'light'],
] as const) {
  test(`what waits on is accessible and fits at ${width} px, ${scheme}`, async () => {
    stand.holds = [...stand.holds.slice(0, 1), approved('hold_9', 30), approved('hold_8', 65)]
    stand.unreadable = 1
    const page = await open({ width, scheme })
    await expect(section(page)).toBeVisible()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(over).toBeLessThanOrEqual(0)
  })
}
