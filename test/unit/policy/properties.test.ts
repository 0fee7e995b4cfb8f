import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '#shared/policy/decide.ts'
import { restrain } from '#shared/policy/restrain.ts'
import { promotedTerms } from '#shared/policy/staged.ts'
import { type act, anyAction, anyRule, facts, Player, policyOf, textOf } from './arbitrary.ts'
import { anyPlay, inRun, type Play } from './plays.ts'

const RANK = { allow: 0, hold: 1, deny: 2 } as const
const RUNS = { numRuns: 150 }
const SLOW = 60_000

/** Words by which a rule depends on what happened before, for allow rules alone. */
const anyWords = fc.record(
  {
    limit: fc.constantFrom('1/hour', '2/run', ['3/10m', '1/day']),
    budget: fc.constantFrom('40 USD/day', ['100 USD/hour', '5 EUR/run']),
    earned: fc.constantFrom({ reviews: 2, promote: 'auto' }, { reviews: 1, errors: 1 }),
  },
  { requiredKeys: [] },
)
const numbered = fc.array(fc.tuple(anyRule, anyWords), { maxLength: 6 }).map((rules) =>
  rules.map(([rule, words], index) => ({
    ...rule,
    ...(rule.effect === 'allow' ? words : {}),
    id: `r${index}`,
  })),
)

/** Words of the whole policy that depend on what happened before. */
const anyRest = fc.record(
  {
    limits: fc.constantFrom(
      [{ max: '2/hour' }],
      [{ max: '1/hour', by: 'category', on: { capability: 'update' } }],
      [{ max: '3/run', by: 'site' }],
    ),
    ceilings: fc.constantFrom(
      { run: 3 },
      { hour: 2 },
      { day: { capability: { update: 1, transact: 2 } } },
      { budget: { transact: '500 USD/day' } },
    ),
    duplicates: fc.constantFrom({ max: 2 }, { within: '10m', max: 3 }),
    phase: fc.constantFrom('assisted', 'selective', 'expanded'),
    sandbox: fc.constantFrom({ 'https://crm.example.com': 'https://a.b.example.com' }),
  },
  { requiredKeys: [] },
)

/** What people have said of the rules, so that some have earned their effect. */
function reviewed(player: Player): Player {
  for (const { id, terms } of player.policy.rules)
    player.history.review(id, terms, { clean: id.length, errors: 0, accepted: true })
  return player
}

function played(text: string, play: Play) {
  const player = reviewed(new Player(text))
  return play.map(({ action, wait, run, approved }) => {
    player.now += wait
    const one = inRun(action, run)
    const decision = player.judge(one)
    if (approved && decision.kind === 'hold') player.approve(decision, one)
    return decision
  })
}

/** A past that both of two policies are asked about. */
function past(text: string, play: Play) {
  const player = reviewed(new Player(text))
  for (const { action, wait, run } of play) {
    player.now += wait
    const one = inRun(action, run)
    const decision = player.judge(one)
    if (decision.kind === 'hold') player.approve(decision, one)
  }
  return player
}

function judgeAfter(text: string, { history, now }: Player, action: ReturnType<typeof act>) {
  const policy = policyOf(text)
  const { descriptor: d, classification: c } = action
  const then = { ...facts, now }
  return restrain(policy, decide(policy, d, c, then), d, c, then, history).decision
}

describe('with everything that happened before', () => {
  it(
    'the order of rules never matters',
    () => {
      const shuffled = numbered.chain((rules) =>
        fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })),
      )
      fc.assert(
        fc.property(shuffled, anyRest, anyPlay, ([rules, other], rest, play) => {
          expect(played(textOf(other, rest), play)).toEqual(played(textOf(rules, rest), play))
        }),
        RUNS,
      )
    },
    SLOW,
  )

  it(
    'adding a deny rule never allows more',
    () => {
      fc.assert(
        fc.property(
          numbered,
          anyRest,
          anyRule,
          anyPlay,
          anyAction,
          (rules, rest, extra, play, action) => {
            const text = textOf(rules, rest)
            const before = past(text, play)
            const deny = { ...extra, effect: 'deny', id: 'extra', mode: 'enforce' }
            const first = judgeAfter(text, before, action)
            const then = judgeAfter(textOf([...rules, deny], rest), before, action)
            expect(RANK[then.kind]).toBeGreaterThanOrEqual(RANK[first.kind])
          },
        ),
        RUNS,
      )
    },
    SLOW,
  )

  it(
    'adding a limit, ceiling, sandbox, or looking for duplicates never allows more',
    () => {
      fc.assert(
        fc.property(
          numbered,
          anyRest,
          anyRest,
          anyPlay,
          anyAction,
          (rules, rest, more, play, action) => {
            const { phase: _, sandbox: __, ...own } = rest
            const text = textOf(rules, own)
            const before = past(text, play)
            // A sandbox also makes rules for production count on staging, which is meant to allow more.
            const { sandbox: ___, ...added } = more
            const first = judgeAfter(text, before, action)
            const then = judgeAfter(textOf(rules, { ...added, ...own }), before, action)
            expect(RANK[then.kind]).toBeGreaterThanOrEqual(RANK[first.kind])
          },
        ),
        RUNS,
      )
    },
    SLOW,
  )

  it(
    'a rule that is used up changes nothing about what the others allow',
    () => {
      fc.assert(
        fc.property(numbered, anyPlay, anyAction, (rules, play, action) => {
          const used = {
            id: 'a-used-up',
            effect: 'allow',
            limit: '0/hour',
            acknowledge: ['communication', 'financial', 'deletion'],
          }
          const text = textOf([...rules, used])
          const before = past(text, play)
          const all = judgeAfter(text, before, action)
          const alone = judgeAfter(textOf(rules), before, action)
          expect(all.kind).toBe(alone.kind)
        }),
        RUNS,
      )
    },
    SLOW,
  )

  it(
    'restrain allows nothing that decide does not, except what was promoted',
    () => {
      fc.assert(
        fc.property(
          numbered,
          anyRest,
          anyPlay,
          anyAction,
          fc.boolean(),
          (rules, rest, play, action, promotes) => {
            const text = textOf(rules, rest)
            const { history, now, policy } = past(text, play)
            const { descriptor: d, classification: c } = action
            const then = { ...facts, now }
            const decided = decide(policy, d, c, then)
            if (promotes) history.promote(promotedTerms(policy, d, c), 'hp_9')
            const { decision, promotion } = restrain(policy, decided, d, c, then, history)
            if (decided.kind === 'deny') expect(decision).toBe(decided)
            if (decision.kind === 'allow' && decided.kind !== 'allow')
              expect(promotion).toBe('hp_9')
            if (!promotes) expect(promotion).toBeNull()
            expect(decision.mode).toBe(decided.mode)
          },
        ),
        RUNS,
      )
    },
    SLOW,
  )
})
