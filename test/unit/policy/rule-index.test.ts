import { describe, expect, it } from 'vitest'
import { decide } from '#shared/policy/decide.ts'
import { act, facts, policyOf } from './arbitrary.ts'

const policy = policyOf(`version: 1
rules:
  - { id: one, effect: allow, on: { url: "https://host7.example.com/**" } }
  - { id: team, effect: allow, on: { url: "https://*.team.example.com/**" } }
  - { id: both, effect: deny, on: { url: ["https://host8.example.com/**", "https://*.example.com/x/**"] } }
`)

function at(url: string) {
  const { descriptor, classification } = act({ url })
  const { kind, rules } = decide(policy, descriptor, classification, facts)
  return [kind, ...rules]
}

describe('the index of rules', () => {
  const known: [string, string[]][] = [
    ['https://host7.example.com/', ['allow', 'one']],
    ['https://a.team.example.com/', ['allow', 'team']],
    ['https://a.b.team.example.com/', ['hold']],
    ['https://host8.example.com/x/', ['deny', 'both']],
    ['https://host9.example.com/', ['hold']],
    ['about:blank', ['deny', 'both']],
  ]
  const same = () => {
    for (const [url, expected] of known) expect([url, ...at(url)]).toEqual([url, ...expected])
  }

  it('gives the same answer however often it is asked', () => {
    same()
    same()
  })

  it('remembers a bounded number of hosts, however many a page makes up, and forgets no rule', () => {
    for (let host = 0; host < 2500; host++) at(`https://made-up-${host}.test/`)
    expect(policy.index.found.size).toBeLessThanOrEqual(1000)
    same()
  })
})
