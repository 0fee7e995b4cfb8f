import type { Adapter, Engine, Judge, Verdict } from './engine.ts'
import { cpu, decideAll, quantile, single, type Turn } from './measure.ts'
import { type BenchRequest, type BenchRule, dice, makeRequests, makeRules } from './rules.ts'

const REQUESTS = 512
const ROUNDS = 15
const WARM = 5
/** CPU that one slice of an engine is to take, in microseconds; a slow one decides once. */
const SLICE = 20_000
/** How long an engine is compared with the reference at most, in ms; at least three requests are. */
const CHECK_MS = 1200
const FEWEST = 3

/** What one engine did with one number of rules. */
export interface Result {
  readonly name: string
  readonly size: number
  /** CPU microseconds per decision, the median of the rounds. */
  readonly us: number
  readonly p99: number
  /** How many single decisions `p99` is taken from. */
  readonly samples: number
  readonly loadMs: number
  readonly checked: number
  /** Verdicts other than the reference's, or by other rules. */
  readonly wrong: number
}

interface Entry {
  readonly name: string
  readonly loadMs: number
  readonly turn: Turn
  readonly checked: number
  readonly wrong: number
  /** Decisions of a slice. */
  readonly count: number
  readonly rounds: number
  readonly us: number[]
  readonly single: number[]
}

/** Every engine with the same rules and requests, in turns. `reference` says what is right. */
export async function contest(
  size: number,
  reference: Adapter,
  adapters: readonly Adapter[],
): Promise<Result[]> {
  const roll = dice(size)
  const rules = makeRules(size, roll)
  const requests = makeRequests(rules, REQUESTS, roll)
  const right = await verdicts(await reference.load(rules), requests)
  const entries: Entry[] = []
  for (const adapter of adapters) entries.push(await enter(adapter, rules, requests, right))
  for (let round = 0; round < ROUNDS; round++)
    for (const entry of entries) if (round < entry.rounds) await play(entry)
  return entries.map(({ name, loadMs, checked, wrong, us, single }) => ({
    name,
    size,
    us: quantile(us, 0.5),
    p99: quantile(single, 0.99),
    samples: single.length,
    loadMs,
    checked,
    wrong,
  }))
}

async function verdicts(engine: Engine, requests: readonly BenchRequest[]): Promise<Verdict[]> {
  const found: Verdict[] = []
  for (const request of requests) found.push(await engine(request)())
  return found
}

/** Loads an engine, checks its verdicts and finds out how much it can decide in a slice. */
async function enter(
  { name, load }: Adapter,
  rules: readonly BenchRule[],
  requests: readonly BenchRequest[],
  right: readonly Verdict[],
): Promise<Entry> {
  let engine: Engine = () => () => ({ allowed: false, rules: [] })
  const loadMs =
    (await cpu(async () => {
      engine = await load(rules)
    })) / 1000
  const judges = requests.map((request) => engine(request))
  const { checked, wrong } = await check(judges, right)
  const turn = { judges, next: 0 }
  await cpu(() => decideAll(turn, FEWEST))
  const once = (await cpu(() => decideAll(turn, FEWEST))) / FEWEST
  const count = Math.max(1, Math.min(20_000, Math.round(SLICE / once)))
  // What takes a tenth of a second for one decision decides in a third of the rounds.
  const rounds = once > 100_000 ? Math.ceil(ROUNDS / 3) : ROUNDS
  const entry = { name, loadMs, turn, checked, wrong, count, rounds, us: [], single: [] }
  // Compiled and warm before it counts.
  if (count > 1) for (let slice = 0; slice < WARM; slice++) await cpu(() => decideAll(turn, count))
  return entry
}

async function check(judges: readonly Judge[], right: readonly Verdict[]) {
  const start = performance.now()
  let [checked, wrong] = [0, 0]
  for (const [index, judge] of judges.entries()) {
    if (checked >= FEWEST && performance.now() - start > CHECK_MS) break
    checked++
    if (!same(await judge(), right[index])) wrong++
  }
  return { checked, wrong }
}

/** The same answer by the same rules, where the engine names them. */
function same(got: Verdict, right: Verdict | undefined): boolean {
  if (right === undefined || got.allowed !== right.allowed) return false
  if (got.rules === null) return true
  return got.rules.toSorted().join() === right.rules?.toSorted().join()
}

async function play(entry: Entry): Promise<void> {
  const { turn, count, us } = entry
  us.push((await cpu(() => decideAll(turn, count))) / count)
  entry.single.push(...(await single(turn, Math.min(count, 512))))
}
