import { describe, expect, it } from 'vitest'
import { load } from '#shared/policy/load.ts'

/** `LINE:COLUMN code` of each finding. */
function found(list: readonly { line: number; column: number; code: string }[]): string[] {
  return list.map(({ line, column, code }) => `${line}:${column} ${code}`)
}

function problems(text: string) {
  const result = load(`version: 1\n${text}\n`)
  return result.ok ? [] : result.problems
}

function notes(text: string) {
  const result = load(`version: 1\n${text}\n`)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.policy.notes
}

type Row = readonly [what: string, text: string, at: string, part: string]

const noted: readonly Row[] = [
  [
    'a budget of what has no amounts',
    'rules: [{ id: a, effect: allow, on: { capability: update }, budget: 5 USD/day }]',
    '2:69 no-amounts',
    'write `limit`',
  ],
  [
    'a currency that is allowed and has no budget',
    'rules: [{ id: a, effect: allow, acknowledge: financial, on: { amount: { max: [5 USD, 5 EUR] } }, budget: 5 USD/day }]',
    '2:106 no-budget',
    'no budget in EUR',
  ],
  [
    'a limit of nothing',
    'rules: [{ id: a, effect: allow, limit: 0/day }]',
    '2:40 never-allows',
    '`0/day`',
  ],
  [
    'a limit of the policy of nothing',
    'limits: [{ max: 0/day }]',
    '2:17 never-allows',
    'holds everything',
  ],
  [
    'a limit that counts runs twice',
    'limits: [{ max: 5/run, by: run }]',
    '2:28 twice',
    'each run apart',
  ],
  [
    'a ceiling above another',
    'ceilings: { run: 50, hour: 20 }',
    '2:18 never-reached',
    '50 is never reached',
  ],
  [
    'a ceiling above the day’s',
    'ceilings: { run: 50, day: 20 }',
    '2:18 never-reached',
    'per day is 20',
  ],
  [
    'a capability above the day’s',
    'ceilings: { day: { all: 10, capability: { send: 11 } } }',
    '2:49 never-reached',
    'per day is 10',
  ],
  [
    'steps without a first one',
    'approvers: { financial: [{ above: 500 USD, role: lead }] }',
    '2:25 no-first-step',
    'below 500 USD anybody may approve',
  ],
  [
    'several people whom nobody has named',
    'approvers: { financial: [{ role: lead, people: 2 }] }',
    '2:48 nameless-people',
    '2 tokens of one person are enough',
  ],
  [
    'a recipe that no rule names',
    'undo: { r: { url: "{page.url}", steps: [{ click: Undo }] } }',
    '2:12 unused',
    'undo: { recipe: r }',
  ],
]

describe('a policy is taken, with a note about', () => {
  it.each(noted)('%s', (_, text, at, part) => {
    const list = notes(text)
    expect(found(list)).toEqual([at])
    expect(list[0]?.message).toContain(part)
  })
})

it('a policy with every word is taken without a note', () => {
  const text = `phase: selective
scope: Refunds.
sites: [https://crm.example.com/**]
rules:
  - id: tasks
    effect: allow
    on: { capability: update, url: https://crm.example.com/tasks/**, reversible: true, fields: [Status], tag: nightly, bytes: { max: 1 MB } }
    undo: { recipe: un-task, verified: 30d }
    limit: [25/hour, 100/day, 50/run]
    if: context.crm.state == "active" && context.quota.left > 0
  - id: small-refunds
    effect: allow
    on: { capability: transact, verb: refund, amount: { max: 50 USD } }
    acknowledge: financial
    budget: 2000 USD/day
    earned: { reviews: 200, errors: 0, promote: auto, within: 90d }
    suggest: Draft it instead.
limits: [{ max: 100/hour, by: agent, on: { capability: send }, tell: Slow down., suggest: Wait. }]
ceilings: { run: 50, hour: 100, day: { all: 500, capability: { send: 50 }, category: { financial: 20 } }, budget: { transact: 2000 USD/day }, evidence: 400 clean runs in May }
duplicates: { within: 1h, max: 3 }
breaker: { errors: 5%, of_last: 50, at_least: 20, within: 7d, per: [policy, rule, site], counts: [denied, failed] }
sandbox: { https://crm.example.com: https://staging.crm.example.com }
approvers: { communication: owner, financial: [{ above: 500 USD, role: lead, people: 2 }, { role: owner }] }
people: [{ name: ann, roles: [owner, lead] }, { name: bob, roles: lead }]
context:
  crm: { file: crm.json, key: "{field.Account}", gives: { state: string }, timeout: 2s, cache: 1m }
  quota: { http: "https://quota.example.com/{run.agent}", auth: env:QUOTA_TOKEN, gives: { left: int } }
undo: { un-task: { url: "{page.url}", steps: [{ click: { role: button, name: Delete } }, { fill: { label: Why, value: "{target.row}" } }, { press: Enter }, { expect: Deleted }], within: 30d } }
review: { every: 90d, after: incident, role: owner }
holds: { expire: 10m, batch: 1d }
audit: { keep: 90d }`
  expect(problems(text)).toEqual([])
  expect(notes(text)).toEqual([])
})
