import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { textOf } from './denials.ts'
import { type Stage, startStage } from './stage.ts'

let stage: Stage
let browser: Browser
let page: Page

beforeAll(async () => {
  stage = await startStage({ budgets: { playwright: 30_000 } })
  browser = await chromium.connectOverCDP(stage.cdp)
  page = await (await browser.newContext()).newPage()
})

afterAll(async () => {
  await browser?.close()
  await stage?.stop()
})

beforeEach(async () => {
  stage.site.reset()
  await page.goto(stage.site.url)
})

/** An action that has failed for its user must not happen after all when a person approves it later. */
describe('a Playwright action whose own time is up while it is held', () => {
  const actions = {
    click: (timeout: number) => page.getByRole('button', { name: 'Send' }).click({ timeout }),
    Enter: (timeout: number) => page.getByLabel('Message').press('Enter', { timeout }),
  }

  it.each(['click', 'Enter'] as const)('by %s is not executed by an approval', async (how) => {
    expect(await textOf(actions[how](1000))).toContain('Timeout')
    await stage.approve()
    // The page answers, so whatever the approval could have let go has been let go.
    expect(await page.getByRole('heading').textContent()).toBe('Counting')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(stage.site.count('/send')).toBe(0)

    expect(await textOf(actions[how](10_000))).toBe('')
    await expect.poll(() => stage.site.count('/send')).toBe(1)
  })
})
