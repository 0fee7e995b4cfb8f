import { agentGovernance } from './policy/agent-governance.ts'
import { casbin } from './policy/casbin.ts'
import { casl, caslCan } from './policy/casl.ts'
import { cedar } from './policy/cedar.ts'
import { bufbuildCel, celJs, marcbachmannCel } from './policy/cel.ts'
import { contest, type Result } from './policy/contest.ts'
import { goals } from './policy/goals.ts'
import { holdpoint } from './policy/holdpoint.ts'
import { jsonRulesEngine } from './policy/json-rules-engine.ts'
import { jsonata } from './policy/jsonata.ts'
import { linear } from './policy/linear.ts'
import { install } from './policy/peers.ts'
import { quiet } from './quiet.ts'

/** A decision by `decide` beside the same decision by other policy engines, with 10 to 10,000 rules,
 * all in one run and in turns.
 *
 * Rules name a host, a domain or neither, a path, one to three categories, an amount, recipients'
 * domains, a role; a quarter forbids, and a request is allowed iff a permit matches and no forbid does.
 * Each engine has them in its own words. Each starts from
 * the same request with its address as text, and names the rules that decide, where it can. Ours also
 * gives the reason and what would have been needed.
 *
 * CPU us is the median of the rounds, `decisions/s` follows from it; p99 us is wall clock around single
 * decisions, `<` where there were fewer than a hundred of them, and then the longest; load is CPU time
 * from rules to a ready engine; verdicts: how many of the requests that were checked came out as the
 * hand-written engine says. Read ratios: they are what the goals are about. */

const SIZES = [10, 100, 1000, 10_000]
const adapters = [
  holdpoint,
  linear,
  casl,
  caslCan,
  marcbachmannCel,
  bufbuildCel,
  casbin,
  agentGovernance,
  celJs,
  jsonata,
  cedar,
  jsonRulesEngine,
]

const failed = install(adapters.flatMap(({ needs }) => needs ?? []))
for (const [name, why] of failed)
  console.log(`${name} could not be installed, it is left out: ${why}`)
const present = adapters.filter(({ needs }) => needs === null || !failed.has(needs))

const results: Result[] = []
for (const size of SIZES) {
  await quiet()
  const round = await contest(size, linear, present)
  results.push(...round)
  const rules = size.toLocaleString('en')
  console.log(
    `\n${`${rules} rules`.padEnd(32)}  CPU us  decisions/s    p99 us  load ms    verdicts`,
  )
  for (const result of round) console.log(row(result))
}
console.log('\ngoals')
for (const line of goals(results, holdpoint.name)) console.log(line)

function row({ name, us, p99, samples, loadMs, checked, wrong }: Result): string {
  const figure = (value: number) =>
    value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en')
  const verdicts = `${checked - wrong}/${checked}${wrong > 0 ? ' WRONG' : ''}`
  return [
    name.padEnd(30),
    figure(us).padStart(9),
    Math.round(1e6 / us)
      .toLocaleString('en')
      .padStart(12),
    `${samples < 100 ? '<' : ''}${figure(p99)}`.padStart(9),
    figure(loadMs).padStart(8),
    verdicts.padStart(11),
  ].join(' ')
}
