import type { Result } from './contest.ts'

/** What is aimed at: the cost of a decision beside a peer's in the same run, and beside our own with
 * fewer rules. */
const GOALS = [
  { peer: '@casl/ability', size: 10, most: 1 },
  { peer: '@casl/ability', size: 100, most: 0.5 },
  { peer: '@casl/ability', size: 1000, most: 0.2 },
  { peer: '@casl/ability', size: 10_000, most: 0.1 },
  { peer: '@cedar-policy/cedar-wasm', size: 10, most: 1 / 50 },
  { peer: '@cedar-policy/cedar-wasm', size: 100, most: 1 / 200 },
]
const GROWTH = { from: 100, to: 10_000, most: 25 }

/** One line for each goal, with `met` or `MISSED`; what was not measured says so. */
export function goals(results: readonly Result[], own: string): string[] {
  const cost = (name: string, size: number) =>
    results.find((result) => result.name === name && result.size === size)?.us
  const lines = GOALS.map(({ peer, size, most }) =>
    line(`cost beside ${peer}, ${size} rules`, cost(own, size), cost(peer, size), most),
  )
  const growth = `cost with ${GROWTH.to} rules beside ${GROWTH.from}`
  lines.push(line(growth, cost(own, GROWTH.to), cost(own, GROWTH.from), GROWTH.most))
  const ours = results.filter(({ name }) => name === own)
  const wrong = ours.reduce((sum, one) => sum + one.wrong, 0)
  const checked = ours.reduce((sum, one) => sum + one.checked, 0)
  lines.push(
    `${wrong === 0 ? 'met   ' : 'MISSED'}  the reference's verdict on ${checked - wrong} of ${checked} requests`,
  )
  return lines
}

function line(what: string, cost: number | undefined, other: number | undefined, most: number) {
  if (cost === undefined || other === undefined) return `-       ${what}: not measured`
  const ratio = cost / other
  const peers = ratio < 0.1 ? `1/${(1 / ratio).toFixed(0)}` : `${ratio.toFixed(2)}x`
  const goal = most < 0.1 ? `1/${(1 / most).toFixed(0)}` : `${most}x`
  return `${ratio <= most ? 'met   ' : 'MISSED'}  ${what}: ${peers} (at most ${goal})`
}
