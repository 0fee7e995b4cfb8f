/** How well the gateway tells the requests that a click causes from what a page does by itself: recall of
 * the caused ones, and how many of the others went along. The practice site is clicked through, and an
 * app made with Preact (React's model of components, effects and synthetic batching) with five sources
 * of background requests. What reached the server is the truth. Fails when it is off its goals.
 *
 *   npm run bench:causality */
import { resolve } from 'node:path'
import { build } from 'vite'
import { startPracticeSite } from '#companion/practice/site.ts'
import {
  click,
  evaluate,
  navigate,
  quiet,
  type RequestsBench,
  requestsBench,
  serve,
} from '../gateway/requests-bench.ts'

const RECALL = 0.95
const ROUNDS = 8
const KINDS = [
  ...['sync', 'awaited', 'late', 'optimistic', 'bus', 'message', 'beacon', 'frame'],
  ...['effect', 'debounced', 'form', 'flag'],
]

interface Score {
  name: string
  caused: number
  covered: number
  background: number
  wrongly: number
}

async function components(bench: RequestsBench): Promise<Score> {
  const site = await serve({
    '/': '<!doctype html><title>app</title><div id=app></div><script src=/app.js></script>',
    '/app.js': await bundled('test/bench/causality-app.tsx'),
  })
  let seen = 0
  const stop = bench.pipe.session().on('Fetch.requestPaused', ({ request }) => {
    if (String(Object(request).url).includes('/background/')) seen++
  })
  const { target } = await bench.open(`${site.origin}/`)
  await quiet(2500)
  const rounds = Array.from({ length: ROUNDS }, () => KINDS).flat()
  for (const [at, kind] of rounds.entries()) {
    await click(bench, target, `#${kind}`)
    await quiet(at % 3 === 0 ? 150 : 600)
  }
  await quiet(2000)
  stop()
  await bench.pipe.call('Target.closeTarget', { targetId: target.id })
  const hits = site.mutating()
  await site.close()
  const missed = KINDS.filter(
    (kind) => hits.filter((hit) => hit.endsWith(`/${kind}`)).length < ROUNDS,
  )
  if (missed.length > 0) console.log(`missed some of: ${missed.join(', ')}`)
  return {
    name: 'components (Preact)',
    caused: rounds.length,
    covered: hits.filter((hit) => hit.includes('/caused/')).length,
    background: seen,
    wrongly: hits.filter((hit) => hit.includes('/background/')).length,
  }
}

/** Clicks of the practice site: where, what is clicked on the way, and what the server must get of the
 * last one. */
const STEPS: readonly [page: string, clicks: string[], request: string][] = [
  ['/crm', ['[data-done]'], 'PATCH /crm/tasks/'],
  ['/crm/tasks/new', ['main button.primary'], 'POST /crm/tasks'],
  [
    '/crm/contacts',
    [
      '[data-contact] [aria-haspopup=menu]',
      '[data-contact] [data-delete]',
      '[data-confirm-delete]',
    ],
    'DELETE /crm/contacts/',
  ],
  ['/mail', ['[data-trash]'], 'POST /mail/'],
  ['/mail/compose', ['[data-save]'], 'POST /mail/drafts'],
  ['/mail/compose', ['[data-send]'], 'POST /mail/send'],
  ['/refunds', ['[data-order] form button'], 'POST /refunds/'],
  ['/lab', ['#archive'], 'POST /lab/effects/archive-div'],
  ['/lab', ['#nameless'], 'POST /lab/effects/nameless-icon'],
  ['/lab', ['#swapped'], 'POST /lab/effects/swapped-label'],
  ['/lab', ['#early'], 'POST /lab/effects/acts-on-pointerdown'],
  ['/lab', ['#trusted'], 'POST /lab/effects/trusted-only'],
  ['/lab', ['[data-lab=image-submit] input[type=image]'], 'POST /lab/effects/image-submit'],
]

async function practice(bench: RequestsBench): Promise<Score> {
  const site = await startPracticeSite()
  const { target, session } = await bench.open(`${site.url}/`)
  let covered = 0
  for (const [page, clicks, request] of STEPS) {
    await navigate(session, `${site.url}${page}`)
    await evaluate(session, FILL)
    const before = site.truth().length
    for (const selector of clicks) {
      await click(bench, target, selector)
      await quiet(150)
    }
    await quiet(400)
    const got = site.truth().slice(before)
    if (got.some(({ method, path }) => `${method} ${path}`.startsWith(request))) covered++
    else console.log(`missed on the practice site: ${request}`)
  }
  await site.stop()
  return { name: 'practice site', caused: STEPS.length, covered, background: 0, wrongly: 0 }
}

/** What a form wants before it can be sent. */
const FILL = `void document.querySelectorAll('main input, main textarea, main select').forEach((field) => {
  if (field.value !== '' || field.type === 'hidden') return
  field.value = field.type === 'date' ? '2027-01-31' : field.name === 'to' ? 'ann@example.com' : 'Something'
})`

async function bundled(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      write: false,
      minify: true,
      lib: { entry: resolve(entry), formats: ['iife'], name: 'app' },
    },
  })
  const [first] = [result].flat()
  const chunk = first && 'output' in first ? first.output[0] : undefined
  if (!chunk) throw new Error('the app was not bundled')
  return chunk.code
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`
}

const bench = await requestsBench()
// Whoever is asked says no, so that only what is covered reaches a server.
const denying = setInterval(() => {
  bench.holds().then(async (holds) => {
    for (const { id } of holds) await bench.verdict(id, false)
  }, console.error)
}, 40)
const scores = [await components(bench), await practice(bench)]
clearInterval(denying)
await bench.close()

console.log(
  `${'app'.padEnd(22)}${'caused'.padStart(8)}${'covered'.padStart(9)}${'recall'.padStart(8)}${'background'.padStart(12)}${'wrongly'.padStart(9)}`,
)
for (const { name, caused, covered, background, wrongly } of scores)
  console.log(
    `${name.padEnd(22)}${String(caused).padStart(8)}${String(covered).padStart(9)}${percent(covered / caused).padStart(8)}${String(background).padStart(12)}${String(wrongly).padStart(9)}`,
  )
const caused = scores.reduce((sum, score) => sum + score.caused, 0)
const covered = scores.reduce((sum, score) => sum + score.covered, 0)
const wrongly = scores.reduce((sum, score) => sum + score.wrongly, 0)
console.log(
  `\nrecall ${percent(covered / caused)} (goal ${percent(RECALL)}), background wrongly covered ${wrongly} (goal 0)`,
)
for (const error of bench.reported) console.error(error)
process.exit(covered / caused >= RECALL && wrongly === 0 ? 0 : 1)
