import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { launchBrowser, type RunningBrowser } from '#companion/browser/launch-browser.ts'
import { test as base, type Companion, expect, extensionDir, root } from '../fixtures.ts'
import { missingForDisplay, openDisplay, SCREEN, type XDisplay } from './x-display.ts'
import { type Area, largestPatch, middle } from './x-screen.ts'

/** Approve as a person presses it: a browser with a window, on a display of its own, that no program
 * drives. The mouse is the X server's, and what the prompt shows is read off the screen. */

const approve = colours('shared/ui/tokens.css', '--hp-accent')
const waiting = colours('shared/ui/tokens.css', '--hp-sunken')
const save = colours('companion/practice/public/site.css', '--brand')

const test = base.extend<{ desk: XDisplay; window: RunningBrowser }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants an object pattern.
  desk: async ({}, use) => {
    const desk = await openDisplay()
    await use(desk)
    await desk.close()
  },
  window: [
    async ({ desk, companion }, use) => {
      const profile = mkdtempSync(join(tmpdir(), 'holdpoint-profile-'))
      const found = findBrowser()
      if (!found.ok) throw new Error(found.error.message)
      const browser = await launchBrowser({
        browser: found.browser,
        profile,
        extension: extensionDir,
        headless: false,
        // Not the site as well: a page opened while the extension is being loaded may stay blank.
        urls: [companion.ready.pairing.url],
        env: desk.env,
        switches: [
          '--ozone-platform=x11',
          '--window-position=0,0',
          `--window-size=${SCREEN.width},${SCREEN.height}`,
        ],
      })
      await use(browser)
      await browser.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
    { auto: true },
  ],
})

const missing = missingForDisplay()
test.skip(missing !== null, missing ?? '')

test('a person approves with the mouse and the change is made once', async ({
  desk,
  companion,
}) => {
  await openTask(desk, companion)
  await desk.click(middle(await seen(desk, save)))
  const [hold] = await companion.pending()
  expect(hold?.descriptor).toMatchObject({ provenance: 'human', target: { name: 'Save changes' } })
  expect(hold?.classification.effect).toBe('reversible')
  const button = await seen(desk, approve)
  expect(await companion.truth()).toEqual([])

  await desk.click(middle(button))
  await expect
    .poll(async () => (await companion.truth()).map(({ what }) => what))
    .toEqual(['task updated'])
  await expect
    .poll(async () => (await companion.audit(`hold=${hold?.id}`)).map(({ kind }) => kind))
    .toContain('outcome')
  const entries = await companion.audit(`hold=${hold?.id}`)
  expect(entries.filter(({ kind }) => kind === 'verdict').map(({ body }) => body)).toEqual([
    expect.objectContaining({ verdict: 'approve', surface: 'overlay' }),
  ])
  expect(entries.filter(({ kind }) => kind === 'release')).toHaveLength(1)
  expect(await companion.truth()).toHaveLength(1)
})

test('a click on Approve before it is armed does nothing', async ({ desk, companion }) => {
  await openTask(desk, companion)
  await desk.click(middle(await seen(desk, save)))
  const button = await seen(desk, waiting)
  await desk.click(middle(button))
  const early = largestPatch(desk.look(), waiting) !== null
  test.skip(!early, 'this machine is too slow to click within 700 ms of the prompt being there')

  await desk.move({ x: button.left - 200, y: button.top - 200 }) // under the pointer it is darker
  await seen(desk, approve)
  expect(await companion.holds()).toHaveLength(1)
  expect(await companion.audit('kind=verdict')).toEqual([])
  expect(await companion.truth()).toEqual([])
})

/** Waits until the browser has paired and types the address of a task. */
async function openTask(desk: XDisplay, companion: Companion): Promise<void> {
  await connected(companion)
  await desk.press('ctrl+l')
  await desk.type(`${companion.ready.practice}/crm/tasks/101\n`)
}

/** Waits until a button in one of the colours is on the screen and stands still. */
async function seen(desk: XDisplay, wanted: readonly number[]): Promise<Area> {
  let before: string | undefined
  let found: Area | null = null
  await expect
    .poll(
      () => {
        found = largestPatch(desk.look(), wanted)
        const now = JSON.stringify(found)
        const still = found !== null && now === before
        before = now
        return still
      },
      { intervals: [50], timeout: 20_000 },
    )
    .toBe(true)
  if (!found) throw new Error('no such button')
  return found
}

async function connected(companion: Companion): Promise<void> {
  const Status = z.object({ browsers: z.array(z.object({ connected: z.boolean() })) })
  const browsers = async () => {
    const answer = await companion.request('GET', '/v1/status')
    return Status.parse(await answer.json()).browsers
  }
  await expect
    .poll(async () => (await browsers()).some((one) => one.connected), { timeout: 30_000 })
    .toBe(true)
}

/** A colour of a stylesheet, for light and for dark. */
function colours(file: string, name: string): number[] {
  const css = readFileSync(join(root, file), 'utf8')
  const found = new RegExp(`${name}: light-dark\\((#[0-9a-f]+), (#[0-9a-f]+)\\)`).exec(css)
  if (!found) throw new Error(`\`${file}\` has no \`${name}\` for light and dark`)
  return found.slice(1).map((hex) => Number.parseInt(hex.slice(1), 16))
}
