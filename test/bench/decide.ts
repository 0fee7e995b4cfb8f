import { Action, actionOf } from '#shared/policy/action.ts'
import { decide } from '#shared/policy/decide.ts'
import { load } from '#shared/policy/load.ts'
import { Capability, Category } from '#shared/protocol/words.ts'

/** `decide` on one core, from the Descriptor as the page sent it to the whole Decision: parsing the
 * page's address, finding and testing the rules, the reason in words and what an allow would have
 * needed. Not included: describing, classifying, the network, the log.
 *
 * Rules: a quarter deny, the rest allow; 85 % name one host, 10 % every host of a domain, 5 % none;
 * most have a path, one to three categories, an amount or recipients. Half of the actions are about a
 * rule's own host, path and category, the others about any. `+if` adds a condition to one rule in twenty.
 *
 * The sizes take turns with the yardstick, parsing one URL, which slows down as they do on a busy
 * machine: compare ratios. us/decision is CPU time, the median of the rounds; p50 and p99 are wall
 * clock around single decisions and include two readings of the clock; load is CPU time from text to
 * policy, the first time and the best of four. */

const KINDS = [
  { size: 10, cel: false },
  { size: 100, cel: false },
  { size: 1000, cel: false },
  { size: 1000, cel: true },
  { size: 10_000, cel: false },
]
const ROUNDS = 25
const REPEATS = 8
const ACTIONS = 512
const facts = { now: Date.UTC(2026, 5, 1), policyVersion: 'bench' }
const steps = Capability.options.filter((capability) => capability !== 'read')

type Roll = (sides: number) => number

/** A small generator with a fixed seed: every run decides the same. */
function dice(seed: number): Roll {
  let state = seed
  return (sides) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return Math.floor((state / 4_294_967_296) * sides)
  }
}

function pick(roll: Roll, words: readonly string[]): string {
  return words[roll(words.length)] ?? ''
}

interface Place {
  readonly team: number
  readonly app: number
  readonly area: number
}

function placeOf(roll: Roll, size: number): Place {
  return { team: roll(9), app: roll(Math.max(3, Math.ceil(size / 5))), area: roll(9) }
}

function urlOf({ team, app, area }: Place, reach: number): string | null {
  if (reach === 0) return null
  const host = reach <= 2 ? `*.team${team}.example.com` : `app${app}.team${team}.example.com`
  return `https://${host}/area${area}/**`
}

function ruleOf(roll: Roll, place: Place, index: number, cel: boolean) {
  const deny = index % 4 === 0
  const url = urlOf(place, roll(20))
  const condition = roll(20) === 0 && cel
  return {
    id: `rule-${index}`,
    effect: deny ? 'deny' : 'allow',
    on: {
      category: Array.from({ length: 1 + roll(3) }, () =>
        pick(roll, deny ? Category.options : ['communication', 'financial', 'deletion', 'other']),
      ),
      ...(url === null ? { role: pick(roll, ['link', 'menuitem']) } : { url }),
      ...(roll(2) === 0 ? { amount: deny ? { min: '500 USD' } : { max: '50 USD' } } : {}),
      ...(roll(3) === 0 ? { recipients: [`*@partner${roll(9)}.example`] } : {}),
    },
    acknowledge: ['communication', 'financial', 'deletion'],
    ...(condition ? { if: `terms.rows > ${roll(100)}` } : {}),
  }
}

function actionAt(roll: Roll, { team, app, area }: Place, categories: readonly string[]) {
  const host = `app${app}.team${team}.example.com`
  return actionOf(
    Action.parse({
      capability: pick(roll, steps),
      category: pick(roll, categories),
      role: pick(roll, ['button', 'link']),
      url: `https://${host}/area${area}/page/${roll(1000)}?tab=${roll(9)}`,
      amount: roll(2) === 0 ? [`${roll(900)} USD`] : [],
      recipients: roll(2) === 0 ? [`person@partner${roll(9)}.example`] : [],
      rows: roll(3) === 0 ? roll(50) : null,
    }),
  )
}

/** The rules as a person writes them, one map of a list for each; JSON within a line is YAML. */
function textOf(rules: readonly ReturnType<typeof ruleOf>[]): string {
  const entries = rules.map((rule) => {
    const words = Object.entries(rule).map(([word, value]) => `${word}: ${JSON.stringify(value)}`)
    return `  - ${words.join('\n    ')}\n`
  })
  return `version: 1\nrules:\n${entries.join('')}`
}

function prepare({ size, cel }: (typeof KINDS)[number]) {
  const roll = dice(size)
  const places = Array.from({ length: size }, () => placeOf(roll, size))
  const rules = places.map((place, index) => ruleOf(roll, place, index, cel))
  const text = textOf(rules)
  let loaded = load('version: 1')
  const loadMs = Array.from({ length: 4 }, () => {
    const us = cpu(1, () => {
      loaded = load(text)
    })
    return us / 1000
  })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems.slice(0, 3)))
  const actions = Array.from({ length: ACTIONS }, (_, index) => {
    const own = roll(size)
    const [place, rule] = index % 2 === 0 ? [places[own], rules[own]] : []
    return actionAt(roll, place ?? placeOf(roll, size), rule?.on.category ?? Category.options)
  })
  const samples = { moving: [] as number[], staying: [] as number[], single: [] as number[] }
  const kinds = { allow: 0, hold: 0, deny: 0 }
  return { size, cel, policy: loaded.policy, actions, loadMs, samples, kinds }
}

type Run = ReturnType<typeof prepare>

function decideOne({ policy, kinds }: Run, { descriptor, classification }: Run['actions'][number]) {
  kinds[decide(policy, descriptor, classification, facts).kind]++
}

/** CPU microseconds of one of `count` pieces of work. */
function cpu(count: number, work: () => void): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / count
}

/** Every action is on another page than the one before. */
function moving(run: Run): void {
  for (let repeat = 0; repeat < REPEATS; repeat++)
    for (const action of run.actions) decideOne(run, action)
}

/** Runs of actions on the same page. */
function staying(run: Run): void {
  for (const action of run.actions)
    for (let repeat = 0; repeat < REPEATS; repeat++) decideOne(run, action)
}

function single(run: Run): number[] {
  return run.actions.map((action) => {
    const start = performance.now()
    decideOne(run, action)
    return 1000 * (performance.now() - start)
  })
}

function parseUrls({ actions }: Run): void {
  for (let repeat = 0; repeat < REPEATS; repeat++)
    for (const { descriptor } of actions)
      if (new URL(descriptor.page.url).hostname === '') throw new Error('no host')
}

function quantile(samples: readonly number[], share: number): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)] ?? Number.NaN
}

const runs = KINDS.map(prepare)
const yardstick: number[] = []
for (let round = -5; round < ROUNDS; round++)
  for (const run of runs) {
    const count = REPEATS * ACTIONS
    const [far, near] = [cpu(count, () => moving(run)), cpu(count, () => staying(run))]
    const each = single(run)
    const unit = cpu(count, () => parseUrls(run))
    if (round < 0) continue
    run.samples.moving.push(far)
    run.samples.staying.push(near)
    run.samples.single.push(...each)
    yardstick.push(unit)
  }

const unit = quantile(yardstick, 0.5)
console.log(`yardstick: ${unit.toFixed(2)} us of CPU to parse one URL`)
console.log(
  '  rules  us/decision  x yardstick  same page  decisions/s  p50 us  p99 us      load ms  allow/hold/deny %',
)
for (const { size, cel, samples, loadMs, kinds } of runs) {
  const cost = quantile(samples.moving, 0.5)
  const all = kinds.allow + kinds.hold + kinds.deny
  const share = [kinds.allow, kinds.hold, kinds.deny].map((one) => Math.round((100 * one) / all))
  const cells = [
    `${size}${cel ? '+if' : ''}`.padStart(8),
    cost.toFixed(2).padStart(11),
    (cost / unit).toFixed(1).padStart(12),
    quantile(samples.staying, 0.5).toFixed(2).padStart(10),
    Math.round(1e6 / cost)
      .toLocaleString('en')
      .padStart(12),
    quantile(samples.single, 0.5).toFixed(2).padStart(7),
    quantile(samples.single, 0.99).toFixed(2).padStart(7),
    `${loadMs[0]?.toFixed(0)} / ${Math.min(...loadMs).toFixed(0)}`.padStart(12),
    share.join('/').padStart(18),
  ]
  console.log(cells.join(' '))
}
