import { type Account, disagreements, said } from './disagreements.ts'
import { readLog } from './step-log.ts'

/** One line of the demo's table, and of its `--json` output. */
export interface Row {
  step: string
  classification: string
  decision: string
  rule: string
  verdict: string
  outcome: string
  received: string
  /** Where the log, the server and the plan disagree. */
  problems: readonly string[]
}

export function rowOf(account: Account): Row {
  const { decisions, classification, verdict, outcome, misses, drafts } = readLog(account.entries)
  const [decision] = decisions
  return {
    step: account.step.name,
    classification: classification
      ? `${classification.capability} ${classification.effect}`
      : 'read',
    decision: decision?.kind ?? 'passed',
    rule: decision?.rules.join(', ') ?? '',
    verdict: verdict ?? '',
    outcome: outcome?.outcome ?? (misses.length + drafts.length > 0 ? 'noted' : ''),
    received: said(account.received),
    problems: disagreements(account),
  }
}

const columns = [
  ['step', 'step'],
  ['classification', 'classification'],
  ['decision', 'decision'],
  ['rule', 'rule'],
  ['verdict', 'verdict'],
  ['outcome', 'outcome'],
  ['received', 'server received'],
] as const

/** The rows in columns, as wide as their widest cell; rows that disagree are marked, with why. */
export function table(rows: readonly Row[], mark: (text: string) => string): string {
  const widths = columns.map(([key, head]) =>
    Math.max(head.length, ...rows.map((row) => row[key].length)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  const lines = [
    `  ${line(columns.map(([, head]) => head))}`,
    `  ${line(widths.map((width) => '─'.repeat(width)))}`,
  ]
  for (const row of rows) {
    const cells = line(columns.map(([key]) => row[key]))
    if (row.problems.length === 0) lines.push(`  ${cells}`)
    else lines.push(mark(`✗ ${cells}`), ...row.problems.map((why) => mark(`    ${why}`)))
  }
  return lines.join('\n')
}
