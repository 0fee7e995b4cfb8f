import { join } from 'node:path'
import { test as base, type Companion, expect, root } from '../fixtures.ts'
import { type Firefox, findFirefox, openFirefox } from './firefox.ts'

/** The Firefox build, in Firefox. */

const path = findFirefox()
const transfer = '[data-lab="moves-on-timer"] button.primary'
const effects = async (companion: Companion) =>
  (await companion.truth()).map(({ details }) => details)

const test = base.extend<{ firefox: Firefox; addOn: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants an object pattern.
  firefox: async ({}, use) => {
    const firefox = await openFirefox(path ?? '')
    await use(firefox)
    await firefox.close()
  },
  addOn: async ({ firefox }, use) => {
    await use(await firefox.install(join(root, '.output/firefox-mv3')))
  },
})

test.skip(path === undefined, 'needs Firefox: install with `apt-get install firefox-esr`')

/** Clicks Transfer and waits until the add-on says that it holds it. */
async function hold(firefox: Firefox, companion: Companion): Promise<void> {
  await firefox.open(`${companion.ready.practice}/lab`)
  await firefox.click(transfer)
  await expect
    .poll(() => firefox.evaluate(`document.querySelectorAll('dialog[open]').length`))
    .toBe(1)
}

async function pageIsAsItWas(firefox: Firefox, companion: Companion): Promise<void> {
  expect(await firefox.evaluate('location.href')).toBe(`${companion.ready.practice}/lab`)
  expect(await firefox.evaluate(`document.querySelector('#moving').value`)).toBe('20.00')
  expect(await effects(companion)).toEqual([])
}

test('in Firefox an add-on without a companion holds the click all the same', async ({
  firefox,
  addOn,
  companion,
}) => {
  expect(addOn).toContain('@')
  await hold(firefox, companion)
  await pageIsAsItWas(firefox, companion)
  expect(await companion.holds()).toEqual([])
})

test('in Firefox a hold is approved in the dashboard and released once', async ({
  firefox,
  addOn,
  companion,
}) => {
  await hold(firefox, companion)
  await firefox.openAddOnPage(addOn, `/pair.html${new URL(companion.ready.pairing.url).hash}`)
  // What was held before there was a companion is put to it as soon as there is one.
  const [held] = await companion.pending()
  expect(held?.classification).toMatchObject({ capability: 'transact', category: 'financial' })
  await pageIsAsItWas(firefox, companion)
  const paired = (await companion.audit('kind=paired')).map(({ body }) => body.origin)
  expect(paired).toContainEqual(expect.stringMatching(/^moz-extension:\/\/[0-9a-f-]{36}$/))

  if (held) expect(await companion.decide(held, 'approve')).toBe(200)
  await expect
    .poll(() => effects(companion))
    .toEqual([{ control: 'moves-on-timer', amount: '20.00' }])
  await expect
    .poll(async () => (await companion.audit('kind=outcome')).map(({ body }) => body.evidence))
    .toEqual([expect.objectContaining({ outcome: 'done', status: 303 })])
  expect(await companion.audit('kind=release')).toHaveLength(1)
  expect(await effects(companion)).toHaveLength(1)
})
