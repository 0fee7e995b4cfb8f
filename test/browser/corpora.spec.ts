import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium, expect, test } from '@playwright/test'
import { build } from 'vite'
import type { Capability, Category, Effect } from '#shared/protocol/words.ts'
import type { Ask, Judged } from './corpora-entry.ts'

/** Pages as pairs `x.html` + `x.json`: what each listed target is, and that nothing else is held. */

interface Expected extends Ask {
  capability: Capability
  category?: Category
  effect?: Effect
  amounts?: { currency: string | null; minor: number | null }[]
  recipients?: string[]
  rows?: number
}

interface Corpus {
  name: string
  lang: string
  html: string
  targets: Expected[]
}

interface Tally {
  targets: number
  right: number
  read: number
  heldForNothing: number
}

const folder = resolve(import.meta.dirname, '../pages')
const corpora = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file): Corpus => {
    const name = file.replace(/\.json$/, '')
    const html = readFileSync(join(folder, `${name}.html`), 'utf8')
    return { name, html, ...JSON.parse(readFileSync(join(folder, file), 'utf8')) }
  })

const tallies = new Map<string, Tally>()

test('every target of every page is what it is, and nothing else is held', async () => {
  test.setTimeout(240_000)
  const browser = await chromium.launch({
    executablePath: browserPath(),
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
  const wrong: string[] = []
  for (const corpus of corpora) {
    html = corpus.html
    await page.goto(`/${corpus.name}`)
    await page.evaluate(script)
    const judged = await page.evaluate<Judged[]>(call('judge', corpus.targets))
    const selectors = corpus.targets.map((target) => target.selector)
    const rest = await page.evaluate<Judged[]>(call('judgeRest', selectors))
    const held = rest.filter(({ found }) => found?.capability !== 'read').map(shown)
    const missed = corpus.targets.flatMap((target, i) => mistakes(target, judged[i]))
    wrong.push(...[...missed, ...held].map((line) => `${corpus.name}: ${line}`))
    count(corpus, judged, rest)
  }
  await browser.close()
  console.log(table())
  expect(wrong).toEqual([])
})

function mistakes(want: Expected, got: Judged | undefined): string[] {
  if (!got?.found || !got.terms) return [`${want.selector}: names no element, or several`]
  const { found, terms } = got
  const wrong: string[] = []
  const check = (what: string, is: unknown, should: unknown) => {
    if (should !== undefined && JSON.stringify(is) !== JSON.stringify(should))
      wrong.push(`${want.selector}: ${what} ${JSON.stringify(is)}, not ${JSON.stringify(should)}`)
  }
  check('capability', found.capability, want.capability)
  check('category', found.category, want.category)
  check('effect', found.effect, want.effect)
  const amounts = terms.amounts.map(({ currency, minor }) => ({ currency, minor }))
  check('amounts', amounts, want.amounts)
  check('recipients', terms.recipients, want.recipients)
  check('rows', terms.rows, want.rows)
  const why = found.signals.map(({ says }) => says).join('; ')
  return wrong.map((line) => `${line} (${why})`)
}

function count(corpus: Corpus, judged: readonly Judged[], rest: readonly Judged[]): void {
  const tally = tallies.get(corpus.lang) ?? { targets: 0, right: 0, read: 0, heldForNothing: 0 }
  corpus.targets.forEach((target, i) => {
    const capability = judged[i]?.found?.capability
    if (target.capability === 'read') {
      tally.read++
      if (capability !== 'read') tally.heldForNothing++
    } else {
      tally.targets++
      if (capability !== undefined && capability !== 'read') tally.right++
    }
  })
  tally.read += rest.length
  tally.heldForNothing += rest.filter(({ found }) => found?.capability !== 'read').length
  tallies.set(corpus.lang, tally)
}

function table(): string {
  const percent = (part: number, whole: number) => `${((100 * part) / (whole || 1)).toFixed(1)} %`
  const all = [...tallies].sort()
  const sum = (of: (tally: Tally) => number) => all.reduce((total, [, one]) => total + of(one), 0)
  const total: Tally = {
    targets: sum((one) => one.targets),
    right: sum((one) => one.right),
    read: sum((one) => one.read),
    heldForNothing: sum((one) => one.heldForNothing),
  }
  const lines = [...all, ['all', total] as const].map(
    ([lang, { targets, right, read, heldForNothing }]) =>
      [lang, targets, percent(right, targets), read, percent(heldForNothing, read)]
        .map((cell) => String(cell).padStart(10))
        .join(''),
  )
  const head = ['language', 'targets', 'recall', 'harmless', 'held']
    .map((c) => c.padStart(10))
    .join('')
  return ['', head, ...lines].join('\n')
}

function shown({ selector, found }: Judged): string {
  const why = found?.signals.map(({ says }) => says).join('; ')
  return `${selector} is not listed, but ${found?.capability} (${why})`
}

function call(name: string, argument: unknown): string {
  return `corpora.${name}(${JSON.stringify(argument)})`
}

/** `describe`, `actionable` and `classify` as one script. */
async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: join(import.meta.dirname, 'corpora-entry.ts'),
        formats: ['iife'],
        name: 'corpora',
      },
    },
  })
  const [output] = Array.isArray(result) ? result : [result]
  const chunk = output && 'output' in output ? output.output[0] : undefined
  if (!chunk) throw new Error('the corpora script could not be built')
  return chunk.code
}

function browserPath(): string {
  const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  const path = process.env.HOLDPOINT_BROWSER ?? known.find((one) => existsSync(one))
  if (path === undefined)
    throw new Error('no Chromium found: install one or set `HOLDPOINT_BROWSER` to its path')
  return path
}
