import { describe, expect, it } from 'vitest'
import { steps } from '#companion/practice/agent.ts'
import { demoPolicy, plan } from '#companion/practice/plan.ts'
import { load } from '#shared/policy/load.ts'

describe('plan', () => {
  it('says what to expect of every step of the agent, and of nothing else', () => {
    expect(Object.keys(plan)).toEqual(steps.map(({ name }) => name))
  })

  it('lets steps pass that cause nothing, and no others', () => {
    for (const { name, causes } of steps)
      expect(plan[name]?.course === 'pass', name).toBe(causes === null)
  })

  it('shows every course that a held click can take', () => {
    const courses = new Set(Object.values(plan).map(({ course }) => course))
    expect([...courses].sort()).toEqual(['allow', 'approve', 'deny', 'pass', 'refuse'])
  })

  it('runs under a policy without problems', () => {
    expect(load(demoPolicy('http://127.0.0.1:4000'))).toMatchObject({ ok: true })
  })
})
