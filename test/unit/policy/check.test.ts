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

type Row = readonly [what: string, text: string, at: string, part: string]

const refused: readonly Row[] = [
  [
    'a limit on a hold rule',
    'rules: [{ id: a, effect: hold, limit: 1/hour }]',
    '2:39 only-allow',
    '`limit` is for allow rules, and this is a hold rule',
  ],
  [
    'a budget on a deny rule',
    'rules: [{ id: a, effect: deny, budget: 1 USD/day }]',
    '2:40 only-allow',
    '`budget`',
  ],
  [
    'earning a hold rule',
    'rules: [{ id: a, effect: hold, earned: { reviews: 3 } }]',
    '2:40 only-allow',
    'write `effect: allow`',
  ],
  [
    'a verified undo on a hold rule',
    'undo: { r: { url: "https://a.example/", steps: [{ click: Undo }] } }\nrules: [{ id: a, effect: hold, undo: { recipe: r, verified: 30d } }]',
    '3:61 only-allow',
    '`verified`',
  ],
  [
    'a rule that would earn what never collapses',
    'rules: [{ id: a, effect: allow, on: { category: personnel }, earned: { reviews: 3 } }]',
    '2:49 never-allowed',
    'nor earn it',
  ],
  [
    'a rule that would earn a category it does not acknowledge',
    'rules: [{ id: a, effect: allow, on: { category: deletion }, earned: { reviews: 3 } }]',
    '2:49 not-acknowledged',
    'acknowledge: [deletion]',
  ],
  [
    'an undo without a way back',
    'rules: [{ id: a, effect: hold, undo: { within: 3d } }]',
    '2:38 no-way-back',
    '`path`',
  ],
  [
    'a recipe that is not there',
    'undo: { un-task: { url: "https://a.example/", steps: [{ click: Undo }] } }\nrules: [{ id: a, effect: hold, undo: { recipe: un-tusk } }]',
    '3:48 unknown-recipe',
    'did you mean `un-task`?',
  ],
  [
    'a recipe of a policy without recipes',
    'rules: [{ id: a, effect: hold, undo: { recipe: constructor } }]',
    '2:48 unknown-recipe',
    'write it under `undo`',
  ],
  [
    'a verified way back that no program can try',
    'rules: [{ id: a, effect: allow, undo: { path: x, verified: 30d } }]',
    '2:60 no-recipe',
    'only a recipe can be tried out',
  ],
  [
    'a recipe that asks for an unknown name',
    'undo: { r: { url: "https://a.example/", steps: [{ click: "Undo {target.rwo}" }] } }',
    '2:58 bad-template',
    'did you mean `target.row`?',
  ],
  [
    'a recipe on a host that the page names',
    'undo: { r: { url: "https://{target.row}/", steps: [{ click: Undo }] } }',
    '2:19 bad-template',
    'the host of an address is written out',
  ],
  [
    'a step that opens what is no page',
    'undo: { r: { url: "{page.url}", steps: [{ open: "javascript:x" }] } }',
    '2:49 bad-template',
    'is no address',
  ],
  [
    'a limit of the policy that can never be about anything',
    'limits: [{ max: 1/hour, on: { rows: { max: 1, min: 2 } } }]',
    '2:37 never-matches',
    '`min` is above `max`',
  ],
  [
    'bytes without a bound',
    'rules: [{ id: a, effect: hold, on: { bytes: {} } }]',
    '2:45 never-matches',
    '`bytes` needs `max` or `min`',
  ],
  [
    'bytes that exclude each other',
    'rules: [{ id: a, effect: hold, on: { bytes: { max: 1 kB, min: 1 MB } } }]',
    '2:45 never-matches',
    '`min` is above `max`',
  ],
  ['a window that is none', 'limits: [{ max: 3/0m }]', '2:17 bad-rate', 'is not a rate'],
  [
    'a window that is longer than anything is remembered',
    'rules: [{ id: a, effect: allow, limit: 3/60d }]',
    '2:40 bad-rate',
    'is not a rate',
  ],
  [
    'a breaker that asks for more trials than it looks at',
    'breaker: { errors: 3, of_last: 10, at_least: 11 }',
    '2:46 never-opens',
    'write 10 or less',
  ],
  [
    'a breaker that can never count so many errors',
    'breaker: { errors: 11, of_last: 10, at_least: 5 }',
    '2:20 never-opens',
    'never 11 errors among the last 10',
  ],
  [
    'a breaker that would open without an error',
    'breaker: { errors: 0% }',
    '2:20 wrong-value',
    'write `errors: 1`',
  ],
  [
    'staging that is production itself',
    'sandbox: { "https://a.example": "https://a.example" }',
    '2:33 bad-sandbox',
    'are the same',
  ],
  [
    'staging that is production of something else',
    'sandbox: { "https://a.example": "https://b.example", "https://b.example": "https://c.example" }',
    '2:33 bad-sandbox',
    'is itself an origin of production',
  ],
  [
    'one staging for two',
    'sandbox: { "https://a.example": "https://s.example", "https://b.example": "https://s.example" }',
    '2:75 bad-sandbox',
    'already stands in for `https://a.example`',
  ],
  [
    'an origin with its usual port',
    'sandbox: { "https://a.example:443": "https://s.example" }',
    '2:37 bad-origin',
    'write `https://a.example`',
  ],
  [
    'a role that nobody has',
    'people: [{ name: ann, roles: owner }]\napprovers: { financial: ownr }',
    '3:25 unknown-role',
    'did you mean `owner`?',
  ],
  [
    'a role in a step that nobody has',
    'people: [{ name: ann, roles: owner }]\napprovers: { financial: [{ role: owner }, { above: 5 USD, role: lead }] }',
    '3:65 unknown-role',
    'nobody in `people` has the role `lead`',
  ],
  [
    'more people than have the role',
    'people: [{ name: ann, roles: [lead, lead] }, { name: bob, roles: x }]\napprovers: { financial: [{ role: lead, people: 2 }] }',
    '3:48 too-few-people',
    'only 1 has it',
  ],
  [
    'a person who is there twice',
    'people: [{ name: ann, roles: a }, { name: ann, roles: b }]',
    '2:43 duplicate-person',
    'all roles of a person in one place',
  ],
  [
    'a review by nobody',
    'people: [{ name: ann, roles: owner }]\nreview: { every: 90d, role: auditor }',
    '3:29 unknown-role',
    '`auditor`',
  ],
  [
    'facts over plain http',
    'context: { crm: { http: "http://crm.example/x", gives: { a: int } } }',
    '2:25 bad-template',
    'over https',
  ],
  [
    'facts from a host that the page names',
    'context: { crm: { http: "https://{page.host}/x", gives: { a: int } } }',
    '2:25 bad-template',
    'the host of an address is written out',
  ],
  [
    'a password in an address',
    'context: { crm: { http: "https://me:pw@crm.example/x", gives: { a: int } } }',
    '2:25 bad-template',
    'no user name or password',
  ],
  [
    'a secret in the policy',
    'context: { crm: { http: "https://crm.example/x", auth: abc123, gives: { a: int } } }',
    '2:56 bad-auth',
    'env:CRM_TOKEN',
  ],
  [
    'a file that the page names',
    'context: { crm: { file: "{page.host}.json", gives: { a: int } } }',
    '2:25 bad-file',
    'write `key:',
  ],
  [
    'a key with an unknown name',
    'context: { crm: { file: a.json, key: "{field.}", gives: { a: int } } }',
    '2:38 bad-template',
    'unknown name `{field.}`',
  ],
  [
    'a key that is never closed',
    'context: { crm: { file: a.json, key: "{recipient", gives: { a: int } } }',
    '2:38 bad-template',
    'is never closed',
  ],
  [
    'a provider without facts',
    'context: { crm: { code: crm, gives: {} } }',
    '2:37 no-facts',
    'at least one fact',
  ],
  [
    'a provider that is not there',
    'context: { crm: { code: crm, gives: { vip: bool } } }\nrules: [{ id: a, effect: hold, if: context.crn.vip }]',
    '3:36 unknown-name',
    'did you mean `crm`?',
  ],
  [
    'a fact that the provider does not give',
    'context: { crm: { code: crm, gives: { vip: bool } } }\nrules: [{ id: a, effect: hold, if: context.crm.vpi }]',
    '3:36 unknown-name',
    'unknown name `context.crm.vpi`; did you mean `vip`?',
  ],
  [
    'context where the policy has none',
    'rules: [{ id: a, effect: hold, if: context.crm.vip }]',
    '2:36 unknown-name',
    'the policy has no `context`',
  ],
  [
    'context that is read as a whole',
    'context: { crm: { code: crm, gives: { vip: bool } } }\nrules: [{ id: a, effect: hold, if: has(context.crm) }]',
    '3:40 unknown-name',
    'has facts; write `context.NAME.FACT`',
  ],
  [
    'context that is read by a computed name',
    'context: { crm: { code: crm, gives: { vip: bool } } }\nrules: [{ id: a, effect: hold, if: \'context["crm"].vip\' }]',
    '3:37 unknown-name',
    'write `context.NAME.FACT`',
  ],
  [
    'a fact compared with what it never equals',
    'context: { crm: { code: crm, gives: { state: string } } }\nrules: [{ id: a, effect: deny, if: context.crm.state == 3 }]',
    '3:36 wrong-type',
    'of type `string` and is compared with `int`',
  ],
]

describe('a policy is refused for', () => {
  it.each(refused)('%s', (_, text, at, part) => {
    const list = problems(text)
    expect(found(list)).toEqual([at])
    expect(list[0]?.message).toContain(part)
  })
})
