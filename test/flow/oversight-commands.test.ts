import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EvaluateAnswer } from '#shared/protocol/api.ts'
import { CommandLine } from './command-line.ts'
import { call, newHome, sendTo } from './companion.ts'

let cli: CommandLine

beforeAll(async () => {
  cli = await CommandLine.build()
}, 60_000)
afterAll(() => cli.remove())

async function started(policyText?: string) {
  const home = newHome(policyText)
  const { url, token } = await cli.start(home)
  const c = { url, token }
  const ask = async (to: string) => {
    const answer = await call(c, 'POST', '/v1/evaluate', sendTo(to))
    return EvaluateAnswer.parse(answer.body).hold_id ?? ''
  }
  const run = (...args: string[]) => cli.run(...args, '--home', home)
  return { home, c, ask, run }
}

describe('the command line', () => {
  it('answers many holds at once, and fails where one was not taken', async () => {
    const { ask, run } = await started()
    const [a, b, d] = [await ask('a@x.org'), await ask('b@x.org'), await ask('d@x.org')]
    const denied = await run('deny', a, '--reason', 'no')
    expect([denied.code, denied.out]).toEqual([0, `${a} is denied\n`])
    const done = await run('approve', a, b, d, '--reason', 'one ticket')
    expect(done.code).toBe(1)
    expect(done.out).toContain(`${b} is approved\n${d} is approved\n`)
    expect(done.out).toContain('[hold_denied]')
    expect((await run('deny', 'hold_none')).code).toBe(1)
  })

  it('shows an open breaker and closes it with a reason only', async () => {
    const { c, run } = await started()
    const made = await call(c, 'POST', '/v1/tokens', { name: 'bot', role: 'agent' })
    const token = /"token":"([^"]+)"/.exec(JSON.stringify(made.body))?.[1] ?? ''
    const agent = { authorization: `Bearer ${token}` }
    await call(c, 'POST', '/v1/holds/verdicts', { holds: ['x'], verdict: 'approve' }, agent)
    expect((await run('breaker')).out).toMatch(/^policy {2}open since .*role agent/)
    expect((await run('status')).out).toMatch(/breaker +policy is open/)
    expect((await run('breaker', 'close')).code).toBe(2)
    const other = await run('breaker', 'close', '--scope', 'rule x', '--reason', 'why not')
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('is not open')])
    expect((await run('breaker', 'reset', '--reason', 'looked into')).code).toBe(0)
    expect((await run('breaker')).out).toBe('closed\n')
  })

  it('says when a review is due, and closes it with a note', async () => {
    const { home, run } = await started()
    expect((await run('review')).out).toContain('asks for no review')
    writeFileSync(join(home, 'holdpoint.yaml'), 'version: 1\nreview: { every: 90d }\n')
    await expect.poll(async () => (await run('review')).out).toMatch(/nothing is due before 20/)
    const closed = await run('review', '--note', 'limits are right', '--json')
    expect(JSON.parse(closed.out)).toMatchObject({ audit_id: expect.stringMatching(/^hp_\d+$/) })
  })
})
