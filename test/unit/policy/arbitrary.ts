import fc from 'fast-check'
import { type Action, Action as ActionSchema, actionOf } from '#shared/policy/action.ts'
import { decide } from '#shared/policy/decide.ts'
import { load } from '#shared/policy/load.ts'
import { MemoryHistory } from '#shared/policy/memory-history.ts'
import type { Facts, Policy } from '#shared/policy/policy.ts'
import { restrain } from '#shared/policy/restrain.ts'
import { stepOf } from '#shared/policy/step.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import { Capability, Category, Effect, Provenance } from '#shared/protocol/words.ts'

export const facts: Facts = { now: Date.parse('2026-06-01T12:00:00Z'), policyVersion: 'v' }

/** The policy of a text that has to be good. */
export function policyOf(text: string): Policy {
  const result = load(text)
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('\n'))
  return result.policy
}

/** Descriptor and Classification of an action in a few words. */
export function act(action: Partial<Action> = {}) {
  return actionOf(ActionSchema.parse(action))
}

/** Decides actions one after another as the core does: what is let go counts for those after it. */
export class Player {
  readonly history = new MemoryHistory()
  policy: Policy
  now = facts.now
  #steps = 0

  constructor(text: string) {
    this.policy = policyOf(text)
  }

  facts(): Facts {
    return { ...facts, now: this.now }
  }

  judge({ descriptor: d, classification: c }: ReturnType<typeof act>): Decision {
    const decided = decide(this.policy, d, c, this.facts())
    const { decision, promotion } = restrain(this.policy, decided, d, c, this.facts(), this.history)
    if (promotion !== null) this.history.spend(promotion)
    if (decision.kind === 'allow') this.approve(decision, { descriptor: d, classification: c })
    return decision
  }

  /** Lets an action go, as a person may whatever was decided. */
  approve(decision: Decision, { descriptor: d, classification: c }: ReturnType<typeof act>): void {
    this.#steps++
    const audit = `hp_${this.#steps}`
    this.history.append(stepOf(this.policy, decision, d, c, this.facts(), audit))
  }

  act(action: Partial<Action> = {}, run?: { id: string; agent?: string }): Decision {
    const { descriptor, classification } = act(action)
    return this.judge({ descriptor: { ...descriptor, ...(run && { run }) }, classification })
  }

  /** The decisions on the same action, asked so many times. */
  times(count: number, action: Partial<Action> = {}, run?: { id: string; agent?: string }) {
    return Array.from({ length: count }, () => this.act(action, run))
  }
}

const urls = [
  'https://crm.example.com/tasks/1',
  'https://crm.example.com/admin/%2e%2e/tasks',
  'https://crm.example.com.evil.test/tasks/1',
  'https://mail.example.com/',
  'https://a.b.example.com/x',
  'http://localhost:8080/',
  'about:srcdoc',
  'not a url',
]

/** Actions of every kind, likely to meet the rules of `rulesText`. */
export const anyAction = fc
  .record({
    capability: fc.constantFrom(...Capability.options),
    category: fc.constantFrom(...Category.options),
    effect: fc.constantFrom(...Effect.options),
    verb: fc.constantFrom(undefined, 'refund', 'publish'),
    undo: fc.constantFrom(undefined, 'Edit > Undo'),
    url: fc.constantFrom(...urls),
    top_url: fc.constantFrom(undefined, ...urls),
    name: fc.constantFrom('', 'Save', 'Delete all'),
    row: fc.constantFrom(undefined, 'VIP'),
    provenance: fc.constantFrom(...Provenance.options),
    amount: fc.constantFrom([], ['30 USD'], ['600 USD'], ['3 EUR'], ['?']),
    recipients: fc.constantFrom([], ['ann@example.com'], ['eve@evil.test']),
    rows: fc.constantFrom(null, 1, 100),
    form_action: fc.constantFrom(undefined, ...urls),
  })
  .map((action) =>
    act(Object.fromEntries(Object.entries(action).filter(([, value]) => value !== undefined))),
  )

const one = (field: string, ...values: unknown[]) =>
  fc.constantFrom(...values).map((value) => [field, value] as const)

const on = fc
  .uniqueArray(
    fc.oneof(
      one('capability', 'update', 'transact', ['send', 'delete']),
      one('category', 'other', ['other']),
      one('effect', 'reversible', ['irreversible', 'unknown']),
      one(
        'url',
        'https://crm.example.com/**',
        'https://*.example.com/**',
        '**',
        'https://crm.example.com/tasks/*',
      ),
      one('verb', 'refund'),
      one('name', 'Save', '*all*'),
      one('provenance', 'agent', ['human', 'unknown']),
      one('amount', { max: '50 USD' }, { min: '500 USD' }),
      one('recipients', ['*@example.com']),
      one('recipient_count', { max: 3 }),
      one('rows', { max: 5 }, { min: 6 }),
    ),
    { selector: ([field]) => field, maxLength: 4 },
  )
  .map((fields) => Object.fromEntries(fields))

/** One rule without its id; JSON is YAML. */
export const anyRule = fc.record(
  {
    effect: fc.constantFrom('allow', 'allow', 'hold', 'deny'),
    on,
    if: fc.constantFrom('terms.rows > 10', 'target.row.contains("VIP")', 'verb == "refund"'),
    acknowledge: fc.constant(['communication', 'financial', 'deletion']),
    mode: fc.constantFrom('enforce', 'shadow', 'observe'),
    until: fc.constantFrom('2026-01-01', '2027-01-01'),
  },
  { requiredKeys: ['effect', 'on'] },
)

/** A policy with these rules; each keeps its id wherever it stands. */
export function textOf(
  rules: readonly { id: string; effect: string }[],
  rest: object = {},
): string {
  return JSON.stringify({ version: 1, ...rest, rules })
}
