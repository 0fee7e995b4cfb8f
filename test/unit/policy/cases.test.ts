import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCases, runCases } from '#shared/policy/cases.ts'
import { load } from '#shared/policy/load.ts'

const folder = join(import.meta.dirname, '../../policies')
const facts = { now: Date.parse('2026-06-01T12:00:00Z'), policyVersion: 'v' }
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml') && !name.endsWith('.cases.yaml'))
  .filter((name) => !name.startsWith('bad'))
  .map((name) => name.replace('.yaml', ''))

for (const name of names)
  describe(`policy ${name}`, () => {
    const text = readFileSync(join(folder, `${name}.yaml`), 'utf8')
    const loaded = load(text)
    it('loads', () => expect(loaded.ok ? [] : loaded.problems).toEqual([]))
    const found = readCases(readFileSync(join(folder, `${name}.cases.yaml`), 'utf8'))
    it('has cases', () => expect(found.ok ? [] : found.problems).toEqual([]))
    if (!loaded.ok || !found.ok) return
    const classify = () => expect.unreachable('these cases bring their own classification')
    for (const one of found.cases)
      it(one.name, () => {
        const [result] = runCases(loaded.policy, [one], facts, classify)
        expect(result?.differences).toEqual([])
      })
  })

describe('cases', () => {
  it('come with every policy', () => {
    expect(names.length).toBeGreaterThan(2)
    for (const name of names) expect(existsSync(join(folder, `${name}.cases.yaml`))).toBe(true)
  })

  it('fail where the policy says something else, and say what', () => {
    const policy = load('version: 1\n')
    const found = readCases(
      '- { name: x, action: { amount: 5 USD }, decision: allow, rules: [a], reason: because }\n',
    )
    if (!policy.ok || !found.ok) return expect.unreachable()
    const [result] = runCases(policy.policy, found.cases, facts, () => expect.unreachable())
    expect(result?.pass).toBe(false)
    expect(result?.differences).toEqual([
      'decision: expected allow, got hold',
      'rules: expected a, got ',
      'reason: expected "because" in "No rule allows this, so a person decides"',
    ])
  })

  it('with an unknown word are refused at its place', () => {
    const found = readCases('- name: x\n  action: { amunt: 5 USD }\n  decision: allow\n')
    expect(found.ok ? [] : found.problems).toEqual([
      {
        code: 'unknown-word',
        line: 2,
        column: 13,
        message: 'unknown word `amunt`; did you mean `amount`?',
      },
    ])
  })
})
