import AxeBuilder from '@axe-core/playwright'
import { type Browser, chromium, expect, type Page, test } from '@playwright/test'
import { type Frame, TakeoverActs, type TakeoverInput } from '#shared/protocol/run.ts'
import { type Stand, startStand, TOKEN } from './dashboard-companion.ts'
import { hold } from './dashboard-holds.ts'
import { runs } from './dashboard-samples.ts'

let browser: Browser
let stand: Stand
/** A payment page, 1000 by 625, with its Refund button at `BOX`. */
let jpeg: string
const BOX = { x: 60, y: 420, width: 140, height: 44 }

test.beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.HOLDPOINT_BROWSER ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  const page = await browser.newPage({ viewport: { width: 1000, height: 625 } })
  await page.setContent(`<body style="margin:0;font:16px sans-serif;color:#1a1f36;background:#f6f8fa">
    <header style="padding:16px 60px;background:#635bff;color:#fff;font-weight:700">Payments</header>
    <main style="position:absolute;left:60px;right:60px;top:90px;padding:28px;background:#fff;border:1px solid #e3e8ee;border-radius:10px;height:300px">
      <h1 style="margin:0 0 18px;font-size:26px">Refund payment</h1>
      <p>Amount <b>$340.00</b> to Ana Silva</p><p>Reason: requested by customer</p>
      <p style="color:#697386">The customer gets an email once the refund is on its way.</p></main>
    <button style="position:absolute;left:60px;top:420px;width:140px;height:44px;border:0;border-radius:8px;background:#635bff;color:#fff;font:600 16px sans-serif">Refund</button>`)
  jpeg = (await page.screenshot({ type: 'jpeg', quality: 60 })).toString('base64')
  await page.close()
})
test.afterAll(() => browser.close())
test.beforeEach(async () => {
  stand = await startStand()
  stand.runs = runs()
  stand.holds = [hold('hold_1', 2, { descriptor: { door: 'gateway' } })]
  stand.frame = frame()
})
test.afterEach(() => stand.stop())

function frame(parts: Partial<Frame> = {}): Frame {
  return {
    ...{ at: new Date().toISOString(), jpeg, width: 1000, height: 625, box: BOX, hold: 'hold_1' },
    ...{ hands: false, dialog: null, page: 'page_1', title: 'Refund payment' },
    url: 'https://dashboard.stripe.com/payments/pi_3Q8?session=secret',
    ...parts,
  }
}

async function open(view: string, width = 1280, scheme: 'light' | 'dark' = 'light') {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => {
    throw error
  })
  await page.goto(`${stand.url}#token=${TOKEN}`)
  await page.evaluate((to) => location.assign(`#/${to}`), view)
  return page
}

/** What the dashboard has sent, without what changes no run. */
const sent = () => stand.received.filter((line) => line.includes('/v1/runs'))
const acts = (): TakeoverInput[] =>
  sent()
    .filter((line) => line.includes('/input '))
    .flatMap((line) => TakeoverActs.parse(JSON.parse(line.replace(/^\S+ \S+ /, ''))).acts)
const bar = (page: Page) => page.getByRole('region', { name: 'Live runs' })
const row = (page: Page, name: string) => page.locator('.run', { hasText: name })
/** Whether the picture was drawn: its canvas is not of one colour. */
const drawn = (page: Page) =>
  page.locator('.picture canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, 40) ?? { data: [] }
    return new Set(data).size > 3
  })

test('live runs come first, each with what it holds and who it is', async () => {
  const page = await open('runs')
  await expect(page.locator('.run-lead h2')).toHaveText(['support-bot', /Nachtschicht/])
  await expect(row(page, 'support-bot')).toContainText('1 held')
  await expect(row(page, 'support-bot')).toContainText(
    'Agent support · playwright-mcp · started 12 min ago',
  )
  await expect(page.locator('.run-past')).toHaveCount(3)
  await expect(page.locator('.run-past').nth(1)).toContainText('Killed')
})

test('a run is paused and resumed by a press', async () => {
  const page = await open('runs')
  await row(page, 'support-bot').getByRole('button', { name: 'Pause support-bot' }).click()
  await expect(row(page, 'support-bot')).toContainText('Paused')
  await row(page, 'support-bot').getByRole('button', { name: 'Resume' }).click()
  await expect(row(page, 'support-bot').locator('.run-state')).toHaveText('Live')
  expect(sent()).toEqual([
    'POST /v1/runs/run_1 {"state":"paused"}',
    'POST /v1/runs/run_1 {"state":"live"}',
  ])
})

test('killing asks back, with the focus on keeping', async () => {
  const page = await open('runs')
  await row(page, 'support-bot').getByRole('button', { name: 'Kill' }).click()
  const ask = page.getByRole('dialog', { name: 'Kill support-bot?' })
  await expect(ask.getByRole('button', { name: 'Keep it' })).toBeFocused()
  await page.keyboard.press('Enter')
  expect(sent()).toEqual([])
  await row(page, 'support-bot').getByRole('button', { name: 'Kill' }).click()
  await ask.getByRole('button', { name: 'Kill' }).click()
  await expect(page.locator('.run-past').first()).toContainText('Killed')
  expect(sent()).toEqual(['POST /v1/runs/run_1 {"state":"killed"}'])
})

for (const view of ['pending', 'log', 'policy', 'status', 'runs/run_1'])
  test(`from ${view} every run can be stopped at once`, async () => {
    const page = await open(view)
    await expect(bar(page)).toContainText(/2 runs live\s*1 paused/)
    await page.mouse.wheel(0, 5000)
    await bar(page).getByRole('button', { name: 'Pause all' }).click()
    await expect(bar(page)).toContainText('2 runs paused')
    await bar(page).getByRole('button', { name: 'Kill all' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Kill all' }).click()
    await expect(bar(page)).toHaveCount(0)
    expect(sent()).toEqual(['POST /v1/runs {"state":"paused"}', 'POST /v1/runs {"state":"killed"}'])
  })

test('a hold of the gateway is shown on its page, with the target marked', async () => {
  const page = await open('pending')
  await expect.poll(() => drawn(page)).toBe(true)
  await expect(page.locator('.held-run')).toContainText('support-bot')
  const [picture, mark] = [
    await page.locator('.picture-page').boundingBox(),
    await page.locator('.picture-mark').boundingBox(),
  ]
  if (!picture || !mark) throw new Error('no picture, or no mark')
  const scale = picture.width / 1000
  expect(Math.abs(mark.x - picture.x - (BOX.x - 4) * scale)).toBeLessThan(1)
  expect(Math.abs(mark.y - picture.y - (BOX.y - 4) * scale)).toBeLessThan(1)
  expect(Math.abs(mark.width - (BOX.width + 8) * scale)).toBeLessThan(1)
  await page.getByRole('link', { name: 'Look closer' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('support-bot')
  await expect.poll(() => drawn(page)).toBe(true)
})

test("the picture's coming does not move the buttons, so it does not disarm them", async () => {
  stand.frame = null
  const page = await open('pending')
  const approve = page.locator('[data-verdict=approve]')
  await expect(approve).toHaveAttribute('aria-disabled', 'false')
  const before = await page.locator('.hp-facts').first().boundingBox()
  stand.frame = frame({ width: 1280, height: 800 })
  await expect.poll(() => drawn(page)).toBe(true)
  expect(await page.locator('.hp-facts').first().boundingBox()).toEqual(before)
  await expect(approve).toHaveAttribute('aria-disabled', 'false')
})

test('another hold’s picture is not shown for this one, and a hold of the extension has none', async () => {
  stand.frame = frame({ hold: 'hold_2' })
  stand.holds = [...stand.holds, hold('hold_3', 1)]
  const page = await open('pending')
  await expect(page.getByText('Waiting for the page’s picture')).toBeVisible()
  await expect(page.getByText('shows no picture right now')).toBeVisible()
  await page.locator('.queue-item').nth(1).click()
  await expect(page.locator('[data-hold=hold_3]')).toBeVisible()
  await expect(page.locator('.picture')).toHaveCount(0)
})

test('nothing is watched on other views, nor where nothing is held', async () => {
  const page = await open('pending')
  await expect.poll(() => stand.watching).toBe(1)
  await page.getByRole('link', { name: 'Log' }).first().click()
  await expect.poll(() => stand.watching).toBe(0)
  stand.holds = []
  await page.reload()
  await page.evaluate(() => location.assign('#/runs/run_1'))
  await expect(page.getByText('Nothing is held.')).toBeVisible()
  expect(stand.watching).toBe(0)
})

test('after taking over, clicks and keys on the picture go to the page, in order', async () => {
  const page = await open('runs/run_1')
  await page.getByRole('button', { name: 'Take over' }).click()
  stand.frame = frame({ hands: true })
  const surface = page.getByRole('application')
  const box = await surface.boundingBox()
  if (!box) throw new Error('the page is not in hand')
  await page.mouse.move(box.x + box.width * 0.13, box.y + box.height * 0.7)
  await page.mouse.down()
  await page.mouse.up()
  await expect(surface).toBeFocused()
  await page.keyboard.type('hi')
  await page.keyboard.press('Tab')
  await expect(surface).toBeFocused()
  await page.keyboard.press('Control+a')
  await page.mouse.wheel(0, 100)
  await expect.poll(() => acts().at(-1)?.type).toBe('wheel')
  const done = acts().filter(({ type }) => type !== 'move')
  const press = done[0]
  expect(press).toMatchObject({ type: 'press', button: 'left', clicks: 1, modifiers: 0 })
  if (press?.type !== 'press') throw new Error('the first act is no press')
  expect(Math.abs(press.x - 130)).toBeLessThan(2)
  expect(Math.abs(press.y - 437.5)).toBeLessThan(2)
  expect(done.slice(1).map((act) => ('key' in act ? `${act.key} ${act.down}` : act.type))).toEqual([
    ...['release', 'h true', 'h false', 'i true', 'i false', 'Tab true', 'Tab false'],
    ...['Control true', 'a true', 'a false', 'Control false', 'wheel'],
  ])
  expect(done.find((act) => 'key' in act && act.key === 'a')).toMatchObject({ modifiers: 2 })
  await page.keyboard.press('Shift+Escape')
  await expect(surface).not.toBeFocused()
  await page.getByLabel('Text for the page').fill('Hello Ana')
  await page.getByRole('button', { name: 'Type', exact: true }).click()
  await expect.poll(() => acts().at(-1)).toEqual({ type: 'text', text: 'Hello Ana' })
  await page.getByRole('button', { name: 'Give back to the agent' }).click()
  await expect(surface).toHaveCount(0)
  expect(sent().filter((line) => line.includes('/takeover'))).toEqual([
    'POST /v1/runs/run_1/takeover {"on":true}',
    'POST /v1/runs/run_1/takeover {"on":false}',
  ])
})

test("the page's own dialog is shown beside the picture and answered there", async () => {
  stand.runs = runs().map((run) => ({ ...run, takeover: run.id === 'run_1' }))
  stand.frame = frame({ hands: true, dialog: { type: 'confirm', text: 'Refund $340.00?' } })
  const page = await open('runs/run_1')
  await expect(page.locator('.page-asks')).toContainText('“Refund $340.00?”')
  await page.getByRole('button', { name: 'OK' }).click()
  await expect.poll(acts).toEqual([{ type: 'dialog', accept: true }])
})

test('a run that is not known is said to be none', async () => {
  const page = await open('runs/nobody')
  await expect(page.getByText('There is no run nobody')).toBeVisible()
})

for (const [width, scheme] of [
  [1280, 'light'],
  [390, 'dark'],
] as const)
  test(`runs are accessible and fit at ${width} px, ${scheme}`, async () => {
    const page = await open('runs', width, scheme)
    for (const view of ['runs', 'runs/run_1', 'taken', 'runs/run_4', 'pending', 'status']) {
      if (view === 'taken') {
        stand.frame = frame({ hands: true, dialog: { type: 'prompt', text: 'How much?' } })
        await page.evaluate(() => location.assign('#/runs/run_1'))
        await page.getByRole('button', { name: 'Take over' }).click()
        await expect(page.locator('.page-asks')).toBeVisible()
      } else await page.evaluate((to) => location.assign(`#/${to}`), view)
      await expect(page.locator('main .view h1')).toBeVisible()
      await expect(page.locator('.skeleton')).toHaveCount(0)
      if (await page.locator('.picture').count()) await expect.poll(() => drawn(page)).toBe(true)
      if (view === 'pending') await page.waitForTimeout(900)
      const { violations } = await new AxeBuilder({ page }).analyze()
      const serious = violations.filter(
        ({ impact }) => impact === 'serious' || impact === 'critical',
      )
      expect(serious.map(({ id, nodes }) => `${view}: ${id} ${nodes[0]?.html}`)).toEqual([])
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(over, `${view} scrolls sideways`).toBeLessThanOrEqual(0)
      if (process.env.SHOTS)
        await page.screenshot({
          path: `${process.env.SHOTS}/${width}-${view.replace('/', '-')}.png`,
          fullPage: true,
        })
      if (view === 'taken') stand.frame = frame()
      if (view === 'taken') await page.getByRole('button', { name: 'Give back' }).click()
    }
  })
