import { Action, actionOf } from '#shared/policy/action.ts'
import { decide } from '#shared/policy/decide.ts'
import { load } from '#shared/policy/load.ts'
import { Category } from '#shared/protocol/words.ts'

/** `decide` on one core, with rules over many hosts and categories, a quarter of them deny rules, one
 * in twenty with a wildcard host and one in twenty without a URL; in the second half of the table one
 * in twenty also has a condition. Prints CPU time, the median
 * and the best of the rounds; the sizes take turns with a yardstick (parsing the page's URL, which no
 * engine can do without), so that a busy machine slows all of them alike: read the ratio. */

const SIZES = [10, 100, 1000, 10_000]
const KINDS = SIZES.flatMap((size) => [
  { size, cel: false },
  { size, cel: true },
]).sort((a, b) => Number(a.cel) - Number(b.cel))
const ROUNDS = 15
const ACTIONS = 512
const facts = { now: Date.UTC(2026, 5, 1), policyVersion: 'bench' }
const capabilities = ['send', 'update', 'trigger', 'transact', 'delete'] as const

/** A small generator with a fixed seed: every run decides the same. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return Math.floor((state / 4_294_967_296) * sides)
  }
}

function hosts(size: number): number {
  return Math.max(3, Math.ceil(size / 5))
}

function policyText(size: number, cel: boolean): string {
  const roll = dice(size)
  const rules = Array.from({ length: size }, (_, index) => {
    const effect = index % 4 === 0 ? 'deny' : index % 7 === 0 ? 'hold' : 'allow'
    const host = `app${roll(hosts(size))}.example.com`
    const place = roll(20)
    const url =
      place === 0 ? `https://*.example.com/area${roll(9)}/**` : `https://${host}/area${roll(9)}/**`
    const on = {
      capability: [capabilities[roll(5)], capabilities[roll(5)]],
      ...(place === 1 && effect !== 'deny' ? {} : { url }),
      ...(roll(2) === 0
        ? { amount: effect === 'allow' ? { max: '50 USD' } : { min: '500 USD' } }
        : {}),
      ...(roll(3) === 0 ? { recipients: [`*@partner${roll(9)}.example`] } : {}),
    }
    const opens =
      effect === 'allow' ? { acknowledge: ['communication', 'financial', 'deletion'] } : {}
    const condition = roll(20) === 0 && cel ? { if: `terms.rows > ${roll(100)}` } : {}
    return { id: `rule-${index}`, effect, on, ...opens, ...condition }
  })
  return JSON.stringify({ version: 1, rules })
}

function actions(size: number) {
  const roll = dice(size + 1)
  return Array.from({ length: ACTIONS }, () =>
    actionOf(
      Action.parse({
        capability: capabilities[roll(5)],
        category: Category.options[roll(Category.options.length)],
        url: `https://app${roll(hosts(size))}.example.com/area${roll(9)}/page/${roll(1000)}?tab=${roll(9)}`,
        amount: roll(2) === 0 ? [`${roll(900)} USD`] : [],
        recipients: roll(2) === 0 ? [`person@partner${roll(9)}.example`] : [],
        rows: roll(3) === 0 ? roll(50) : null,
      }),
    ),
  )
}

const runs = KINDS.map(({ size, cel }) => {
  const text = policyText(size, cel)
  const start = performance.now()
  const loaded = load(text)
  const loadMs = performance.now() - start
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems.slice(0, 3)))
  return {
    size,
    cel,
    policy: loaded.policy,
    actions: actions(size),
    loadMs,
    samples: [] as number[],
  }
})

const yardstick: number[] = []
const kinds = { allow: 0, hold: 0, deny: 0 }

/** CPU microseconds of one action, when `each` is done for all of them eight times. */
function measure<T>(all: readonly T[], each: (one: T) => void): number {
  const start = process.cpuUsage()
  for (let repeat = 0; repeat < 8; repeat++) for (const one of all) each(one)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / (8 * all.length)
}

for (let round = -3; round < ROUNDS; round++) {
  for (const { policy, actions, samples } of runs) {
    const cost = measure(actions, ({ descriptor, classification }) => {
      kinds[decide(policy, descriptor, classification, facts).kind]++
    })
    if (round >= 0) samples.push(cost)
  }
  const cost = measure(runs[0]?.actions ?? [], ({ descriptor }) => {
    if (new URL(descriptor.page.url).hostname === '') throw new Error('no host')
  })
  if (round >= 0) yardstick.push(cost)
}

function median(samples: number[]): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN
}

const unit = median(yardstick)
console.log(`yardstick: ${unit.toFixed(2)} us of CPU to parse one URL`)
console.log('rules        us per decide   (best)   x yardstick   decide per second   load ms')
for (const { size, cel, samples, loadMs } of runs) {
  const cost = median(samples)
  const cells = [
    `${String(size).padStart(6)}${cel ? ' +if' : '    '}`,
    cost.toFixed(2).padStart(12),
    Math.min(...samples)
      .toFixed(2)
      .padStart(10),
    (cost / unit).toFixed(1).padStart(13),
    Math.round(1e6 / cost)
      .toLocaleString('en')
      .padStart(16),
    loadMs.toFixed(0).padStart(12),
  ]
  console.log(cells.join(' '))
}
console.log(`decisions: ${JSON.stringify(kinds)}`)
