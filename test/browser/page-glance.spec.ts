import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium, expect, test } from '@playwright/test'
import { build } from 'vite'
import { findBrowser } from '#companion/browser/find-browser.ts'

/** The gate classifies a glance, the companion the full description: on no page may the first say
 * `read` where the second says anything else. Every element of every corpus page is tried. */

const folder = resolve(import.meta.dirname, '../pages')

test('what a glance takes for a read is a read when it is described in full', async () => {
  test.setTimeout(240_000)
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  const browser = await chromium.launch({
    executablePath: found.browser.path,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  const script = await bundle()
  const page = await browser.newPage({ baseURL: 'http://corpus.test' })
  let html = ''
  await page.route('**/*', (route) =>
    route.request().isNavigationRequest()
      ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: html })
      : route.abort(),
  )
  const missed: string[] = []
  const forNothing: string[] = []
  let [tried, held] = [0, 0]
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.html'))) {
    html = readFileSync(join(folder, file), 'utf8')
    await page.goto(`/${file}`)
    await page.evaluate(script)
    const compared = await page.evaluate(() => globalThis.glances.compare())
    missed.push(...compared.missed.map((line) => `${file}: ${line}`))
    tried += compared.tried
    held += compared.held
    forNothing.push(...compared.heldByGlanceOnly.map((line) => `${file}: ${line}`))
  }
  await browser.close()
  console.log(`${tried} gestures, ${held} held, ${forNothing.length} by the glance only`)
  expect(missed).toEqual([])
  expect(held).toBeGreaterThan(500)
  // The keys that delete are left out: whether they have anything to delete is guessed from digits.
  expect(forNothing).toEqual([])
})

declare global {
  var glances: typeof import('./page-glance-entry.ts')
}

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: join(import.meta.dirname, 'page-glance-entry.ts'),
        formats: ['iife'],
        name: 'glances',
      },
    },
  })
  const [output] = Array.isArray(result) ? result : [result]
  const chunk = output && 'output' in output ? output.output[0] : undefined
  if (chunk?.type !== 'chunk') throw new Error('the script could not be built')
  return `${chunk.code}\nglobalThis.glances = glances`
}
