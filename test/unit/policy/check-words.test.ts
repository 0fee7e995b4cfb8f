import { describe, expect, it } from 'vitest'
import { load } from '#shared/policy/load.ts'

function problems(text: string) {
  const result = load(`version: 1\n${text}\n`)
  return result.ok ? [] : result.problems
}

describe('a policy is refused for', () => {
  it.each([
    'approvers: { __proto__: a }',
    'context: { __proto__: { code: x, gives: { a: int } } }',
    'context: { x: { code: x, gives: { __proto__: int } } }',
    'undo: { __proto__: { url: "https://a.example/", steps: [{ click: x }] } }',
    'sandbox: { __proto__: "https://a.example" }',
    'ceilings: { day: { capability: { __proto__: 1 } } }',
    'ceilings: { budget: { __proto__: 1 USD/day } }',
  ])('a word that the runtime would swallow: %s', (text) =>
    expect(problems(text).map(({ code }) => code)).toContain('unknown-word'),
  )

  it.each([
    'ceilings: { day: { capability: { sned: 1 } } }',
    'ceilings: { budget: { transakt: 1 USD/day } }',
    'limits: [{ max: 1/hour, pre: run }]',
    'breaker: { error: 3 }',
    'duplicates: { with: 1h }',
    'rules: [{ id: a, effect: allow, earned: { review: 3 } }]',
    'rules: [{ id: a, effect: allow, undo: { paht: x } }]',
  ])('an unknown word: %s', (text) =>
    expect(problems(text).map(({ code }) => code)).toContain('unknown-word'),
  )
})
