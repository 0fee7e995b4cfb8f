import { createServer, request } from 'node:http'
import type { Page } from '@playwright/test'
import { type Companion, expect, test } from '../fixtures.ts'

/** The faults that must not let anything through, end to end: the built companion, the supervised
 * browser, the practice site and its server-side truth. */

const site = (companion: Companion) => `${companion.ready.practice}`

async function openLab(page: Page, companion: Companion): Promise<void> {
  await page.goto(`${site(companion)}/lab`)
}

async function transfer(page: Page): Promise<void> {
  await page.locator('[data-lab="moves-on-timer"] button.primary').click()
}

/** What the lab's controls did on the server. */
async function effects(companion: Companion): Promise<unknown[]> {
  return (await companion.truth()).map(({ details }) => details)
}

test('a held transfer that is approved reaches the server exactly once', async ({
  page,
  companion,
}) => {
  await openLab(page, companion)
  await transfer(page)
  const [hold] = await companion.pending()
  expect(hold?.classification).toMatchObject({ capability: 'transact', category: 'financial' })
  expect(await effects(companion)).toEqual([])
  if (hold) expect(await companion.decide(hold, 'approve')).toBe(200)
  await expect
    .poll(() => effects(companion))
    .toEqual([{ control: 'moves-on-timer', amount: '20.00' }])
  await expect
    .poll(async () => (await companion.audit()).map((entry) => entry.kind))
    .toEqual(expect.arrayContaining(['decision', 'verdict', 'release', 'outcome']))
  const outcome = (await companion.audit()).find((entry) => entry.kind === 'outcome')
  expect(outcome?.body).toMatchObject({ evidence: { outcome: 'done', status: 303 } })
})

test('a denied transfer reaches the server not at all and leaves the form as it was', async ({
  page,
  companion,
}) => {
  await openLab(page, companion)
  await page.fill('#moving', '44.00')
  await transfer(page)
  const [hold] = await companion.pending()
  if (hold) await companion.decide(hold, 'deny', 'not today')
  await expect.poll(async () => (await companion.holds()).length).toBe(0)
  await expect(page.locator('#moving')).toHaveValue('44.00')
  expect(await effects(companion)).toEqual([])
})

test('a hold survives a killed companion: nothing executes, and approving later works', async ({
  page,
  companion,
}) => {
  await openLab(page, companion)
  await transfer(page)
  const [before] = await companion.pending()
  const truth = await effects(companion)
  expect(truth).toEqual([])
  // The practice site lives in the companion's process; the page itself must outlive it.
  await companion.stop('SIGKILL')
  await companion.start()
  const [after] = await companion.pending()
  expect(after?.id).toBe(before?.id)
  expect(await effects(companion)).toEqual([])
  if (after) expect(await companion.decide(after, 'approve')).toBe(200)
  await expect
    .poll(
      async () => (await companion.audit()).filter((entry) => entry.kind === 'release').length,
      { timeout: 30_000 },
    )
    .toBe(1)
})

test('two holds at once in two frames are two decisions', async ({ page, companion }) => {
  await openLab(page, companion)
  await page.frameLocator('iframe[title="Payout alpha"]').getByRole('button').click()
  await page.frameLocator('iframe[title="Payout beta"]').getByRole('button').click()
  const holds = await companion.pending(2)
  const alpha = holds.find((hold) => hold.descriptor.page.url.endsWith('/alpha'))
  const beta = holds.find((hold) => hold.descriptor.page.url.endsWith('/beta'))
  if (!alpha || !beta) throw new Error('one hold for each frame was expected')
  await companion.decide(alpha, 'deny')
  await companion.decide(beta, 'approve')
  await expect.poll(() => effects(companion)).toEqual([{ control: 'payout-beta' }])
})

test('an amount that moved after the question is asked about again, with the difference', async ({
  page,
  companion,
}) => {
  await openLab(page, companion)
  await transfer(page)
  const [hold] = await companion.pending()
  await page.evaluate(() => {
    const amount = document.querySelector('#moving')
    if (amount instanceof HTMLInputElement) amount.value = '900.00'
  })
  if (hold) await companion.decide(hold, 'approve')
  await expect.poll(async () => (await companion.holds())[0]?.replaces).toBe(hold?.id)
  const [again] = await companion.holds()
  expect(again?.changes).toEqual(
    expect.arrayContaining([expect.objectContaining({ before: '20.00', after: '900.00' })]),
  )
  expect(await effects(companion)).toEqual([])
  if (again) await companion.decide(again, 'approve')
  await expect
    .poll(() => effects(companion))
    .toEqual([{ control: 'moves-on-timer', amount: '900.00' }])
})

test('a page that takes the prompt away keeps its step held', async ({ page, companion }) => {
  await page.goto(`${site(companion)}/lab/vanishing`)
  await page.locator('button.danger').click()
  const [hold] = await companion.pending()
  await expect(page.locator('button.danger')).toBeVisible()
  expect(await effects(companion)).toEqual([])
  if (hold) await companion.decide(hold, 'approve')
  await expect.poll(() => effects(companion)).toEqual([{ control: 'vanishing' }])
})

test('two verdicts on one hold release it once', async ({ page, companion }) => {
  await openLab(page, companion)
  await transfer(page)
  const [hold] = await companion.pending()
  if (!hold) throw new Error('no hold')
  await Promise.all([companion.decide(hold, 'approve'), companion.decide(hold, 'approve')])
  await expect.poll(async () => (await effects(companion)).length).toBe(1)
  await page.waitForLoadState('networkidle')
  expect(await effects(companion)).toHaveLength(1)
})

test("a page's own requests to the companion are refused and recorded, with and without a forged Host", async ({
  page,
  companion,
}) => {
  const hostile = createServer((_, answer) => answer.end('<!doctype html><title>hostile</title>'))
  await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve))
  const address = hostile.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  await page.goto(`http://127.0.0.1:${address.port}/`)
  const { companion: url } = companion.ready
  const types = await page.evaluate(async (target) => {
    const post = { method: 'POST', mode: 'no-cors' } as const
    const tries = [
      fetch(`${target}/v1/holds`),
      fetch(`${target}/v1/evaluate`, { ...post, body: '{}' }),
      fetch(`${target}/v1/pair`, { ...post, body: '{"code":"123456","name":"x"}' }),
    ]
    const settled = await Promise.allSettled(tries)
    return settled.map((one) => (one.status === 'fulfilled' ? one.value.type : 'failed'))
  }, url)
  expect(types).toEqual(['failed', 'failed', 'failed'])
  expect(await statusWithHost(url, 'holdpoint.evil.test')).toBe(421)
  hostile.close()
  const refusals = (await companion.audit('kind=refused')).map(({ body }) => body.code)
  expect(refusals.filter((code) => code === 'origin_refused')).toHaveLength(3)
  expect(refusals.filter((code) => code === 'host_refused')).toHaveLength(1)
  expect(await companion.holds()).toEqual([])
})

/** Status of a request that says it is for another host, as after DNS rebinding. */
function statusWithHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(`${url}/v1/holds`, { headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    call.on('error', reject).end()
  })
}

test.describe('with a policy of rules and modes', () => {
  test.use({
    policy: `version: 1
mode: shadow
`,
  })

  test('in shadow mode nothing executes and the log shows what would have happened', async ({
    page,
    companion,
  }) => {
    await openLab(page, companion)
    await transfer(page)
    await expect
      .poll(async () => (await companion.audit('kind=decision')).map((entry) => entry.body))
      .toEqual([
        expect.objectContaining({
          answer: 'shadowed',
          classification: expect.objectContaining({ capability: 'transact' }),
        }),
      ])
    await page.waitForLoadState('networkidle')
    expect(await effects(companion)).toEqual([])
    expect(await companion.holds()).toEqual([])
    await expect(page.locator('#moving')).toHaveValue('20.00')
  })
})

test.describe('observing', () => {
  test.use({ policy: 'version: 1\nmode: observe\n' })

  test('in observe mode everything executes and is recorded', async ({ page, companion }) => {
    await openLab(page, companion)
    await transfer(page)
    await expect
      .poll(() => effects(companion))
      .toEqual([{ control: 'moves-on-timer', amount: '20.00' }])
    await expect
      .poll(async () => (await companion.audit('kind=decision')).map((entry) => entry.body))
      .toEqual([
        expect.objectContaining({
          classification: expect.objectContaining({ capability: 'transact' }),
        }),
      ])
  })
})

test('one site is switched to shadow while the rest is enforced', async ({ page, companion }) => {
  const switched = await companion.request('PUT', '/v1/policy/mode', {
    site: `${site(companion)}/**`,
    mode: 'shadow',
  })
  expect(switched.status).toBe(200)
  await openLab(page, companion)
  await transfer(page)
  await expect
    .poll(async () => (await companion.audit('kind=decision')).map((entry) => entry.body.answer))
    .toEqual(['shadowed'])
  expect(await effects(companion)).toEqual([])
  const [entry] = await companion.audit('kind=decision')
  expect(entry?.body).toMatchObject({
    decision: { kind: 'hold', mode: 'shadow' },
    descriptor: { terms: { amounts: [{ currency: 'USD', minor: 2000 }] } },
  })
})
