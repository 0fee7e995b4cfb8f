import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { test as base, type Companion, expect, openBrowser, pair, root } from '../fixtures.ts'
import { promptFrame } from './extension-fake.ts'

/** What the overlay lets through, with a real companion behind it. */

async function save(page: Page, companion: Companion): Promise<void> {
  await page.goto(`${companion.ready.practice}/crm/tasks/101`)
  await page.getByRole('button', { name: 'Save changes' }).click()
}

base(
  'while automation is attached the overlay offers only Deny, and Deny works',
  async ({ page, companion }) => {
    await save(page, companion)
    const [hold] = await companion.pending()
    expect(hold?.descriptor.provenance).toBe('agent')
    expect(hold?.classification.effect).toBe('reversible')
    const prompt = await promptFrame(page)
    await expect(prompt.getByText('automation session is attached')).toBeVisible()
    await expect(prompt.locator('[data-verdict=approve]')).toHaveCount(0)

    await prompt.locator('[data-verdict=deny]').click()
    await expect.poll(() => companion.holds()).toEqual([])
    const verdicts = await companion.audit('kind=verdict')
    expect(verdicts.map(({ body }) => body)).toEqual([
      expect.objectContaining({ verdict: 'deny', surface: 'overlay' }),
    ])
    await expect(page.locator('dialog[open]')).toHaveCount(0)
    expect(await companion.truth()).toEqual([])
  },
)

/** The store build cannot see automation, so that its overlay can be pressed from here. */
const test = base.extend({
  context: async ({ companion }, use) => {
    const context = await openBrowser({ extension: join(root, '.output/chrome-mv3') })
    await pair(context, companion)
    await use(context)
    await context.close()
  },
})

test('a double click on Approve releases once', async ({ page, companion }) => {
  await save(page, companion)
  const [hold] = await companion.pending()
  const approve = (await promptFrame(page)).locator('[data-verdict=approve]')
  await expect(approve).toHaveAttribute('aria-disabled', 'false')
  await approve.dblclick()
  await expect
    .poll(async () => (await companion.truth()).map(({ what }) => what))
    .toEqual(['task updated'])
  await expect
    .poll(async () => (await companion.audit(`hold=${hold?.id}`)).map(({ kind }) => kind))
    .toContain('outcome')
  await page.waitForLoadState('networkidle')
  expect(await companion.truth()).toHaveLength(1)
  const kinds = (await companion.audit(`hold=${hold?.id}`)).map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'verdict')).toHaveLength(1)
  expect(kinds.filter((kind) => kind === 'release')).toHaveLength(1)
})

test('clicks that a script makes approve nothing, neither in the page nor in the prompt', async ({
  page,
  companion,
}) => {
  await save(page, companion)
  const [hold] = await companion.pending()
  const prompt = await promptFrame(page)
  const approve = prompt.locator('[data-verdict=approve]')
  await expect(approve).toHaveAttribute('aria-disabled', 'false')
  const box = await approve.boundingBox()
  if (!box) throw new Error('Approve is not to be seen')

  await page.evaluate(clickAt, { x: box.x + box.width / 2, y: box.y + box.height / 2 })
  await approve.evaluate((button: HTMLElement) => {
    for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
      button.dispatchEvent(new PointerEvent(type, { bubbles: true, composed: true, detail: 1 }))
    for (const type of ['keydown', 'keyup'])
      button.dispatchEvent(new KeyboardEvent(type, { key: 'Enter', bubbles: true }))
    button.click()
  })
  // The prompt's answer would have come by now: what a person presses after it is answered.
  await prompt.locator('[data-verdict=deny]').click()
  await expect.poll(() => companion.holds()).toEqual([])
  const verdicts = await companion.audit('kind=verdict')
  expect(verdicts.map(({ hold: of, body }) => [of, body.verdict])).toEqual([[hold?.id, 'deny']])
  expect(await companion.truth()).toEqual([])
})

/** Runs in the page: everything that is under the pointer there, and the dialog with all it holds. */
function clickAt({ x, y }: { x: number; y: number }): void {
  const inDialog = [...document.querySelectorAll('dialog[open], dialog[open] *')]
  for (const element of [...document.elementsFromPoint(x, y), ...inDialog])
    for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
      element.dispatchEvent(
        new PointerEvent(type, { bubbles: true, composed: true, clientX: x, clientY: y }),
      )
}

test('a prompt that the page covers approves nothing, and the step stays held', async ({
  page,
  companion,
}) => {
  await save(page, companion)
  const [hold] = await companion.pending()
  const approve = (await promptFrame(page)).locator('[data-verdict=approve]')
  await expect(approve).toHaveAttribute('aria-disabled', 'false')

  // On top of everything, and letting clicks through: what a person sees is not what they press.
  await page.evaluate(() => {
    const cover = document.createElement('div')
    cover.popover = 'manual'
    cover.style.cssText =
      'position:fixed;inset:0;margin:0;width:100vw;height:100vh;background:#fff;pointer-events:none'
    cover.textContent = 'Press here to go on'
    document.body.append(cover)
    cover.showPopover()
  })
  await expect(approve).toHaveAttribute('aria-disabled', 'true')
  await approve.click({ force: true, noWaitAfter: true })
  await approve.press('Enter')
  expect((await companion.holds()).map(({ id }) => id)).toEqual([hold?.id])
  expect(await companion.truth()).toEqual([])
})
