import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Companion } from '#companion/commands/start-companion.ts'
import { IssuedToken } from '#shared/protocol/access.ts'
import { AuditPage, EvaluateAnswer, HoldPage, Problem } from '#shared/protocol/api.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { call, companion, sendClick, sendTo } from '../../../flow/companion.ts'

async function tokenOf(c: Companion, role: 'agent' | 'supervisor', name = role) {
  const made = await call(c, 'POST', '/v1/tokens', { name, role })
  return IssuedToken.parse(made.body).token
}

/** Asks as the bearer of `token`; `wait` in seconds. */
async function evaluate(
  c: Companion,
  token: string,
  asked: {
    key?: string
    wait?: number | string
    descriptor?: Descriptor
    signal?: AbortSignal
  } = {},
) {
  const response = await fetch(`${c.url}/v1/evaluate`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(asked.key === undefined ? {} : { 'idempotency-key': asked.key }),
      ...(asked.wait === undefined ? {} : { prefer: `wait=${asked.wait}` }),
    },
    body: JSON.stringify(asked.descriptor ?? sendClick()),
    ...(asked.signal ? { signal: asked.signal } : {}),
  })
  return { response, body: await response.json() }
}

async function pending(c: Companion, count = 1) {
  const list = async () =>
    HoldPage.parse((await call(c, 'GET', '/v1/holds?state=pending')).body).holds
  await expect.poll(async () => (await list()).length).toBeGreaterThanOrEqual(count)
  return await list()
}

async function decide(c: Companion, id: string, verdict: 'approve' | 'deny', reason?: string) {
  const body = { verdict, ...(reason === undefined ? {} : { reason }) }
  expect((await call(c, 'POST', `/v1/holds/${id}/verdict`, body)).status).toBe(200)
}

const released = async (c: Companion) =>
  AuditPage.parse((await call(c, 'GET', '/v1/audit?kind=release&limit=500')).body).entries.length

describe('POST /v1/evaluate', () => {
  it('answers what is held with a ticket: which hold, which pattern, when to ask again', async () => {
    const c = await companion()
    const { response, body } = await evaluate(c, await tokenOf(c, 'agent'), { key: 'a' })
    const answer = EvaluateAnswer.parse(body)
    expect(answer).toMatchObject({ decision: 'hold', mode: 'enforce', rules: [] })
    expect(answer.pattern).toBeTypeOf('string')
    expect(answer.would_need.length).toBeGreaterThan(0)
    expect(answer.hold_id).toBe((await pending(c))[0]?.id)
    expect(answer.retry_after).toBeGreaterThan(0)
    expect(response.headers.get('retry-after')).toBe(String(answer.retry_after))
    expect(response.headers.get('preference-applied')).toBeNull()
  })

  it('drops the tag of a run where an agent gives it, and keeps a supervisor’s', async () => {
    const c = await companion()
    const descriptor = sendClick({ run: { id: 'r1', name: 'bot', agent: 'a', tag: 'trusted' } })
    await evaluate(c, await tokenOf(c, 'agent'), { descriptor })
    await evaluate(c, c.token, { descriptor })
    const holds = (await pending(c, 2)).toReversed()
    expect(holds.map((hold) => hold.descriptor.run?.tag)).toEqual([undefined, 'trusted'])
    expect(holds.map((hold) => hold.descriptor.run?.name)).toEqual(['bot', 'bot'])
  })
})

describe('Prefer: wait', () => {
  it('keeps the answer back until a person approves, and gives the allow once', async () => {
    const c = await companion()
    const token = await tokenOf(c, 'agent')
    const asked = evaluate(c, token, { key: 'a', wait: 30 })
    const [hold] = await pending(c)
    await decide(c, hold?.id ?? '', 'approve')
    const { response, body } = await asked
    expect(EvaluateAnswer.parse(body)).toMatchObject({
      decision: 'allow',
      reason: 'a person approved it',
    })
    expect(response.headers.get('preference-applied')).toBe('wait=30')
    const again = await evaluate(c, token, { key: 'a', wait: 1 })
    expect(Problem.parse(again.body).code).toBe('already_released')
    expect(await released(c)).toBe(1)
  })

  it('answers a denial with its reason', async () => {
    const c = await companion()
    const asked = evaluate(c, await tokenOf(c, 'agent'), { wait: 30 })
    const [hold] = await pending(c)
    await decide(c, hold?.id ?? '', 'deny', 'wrong recipient')
    expect((await asked).body).toMatchObject({ decision: 'deny', reason: 'wrong recipient' })
  })

  it('gives the ticket when the time is over, and the verdict to who asks again', async () => {
    const c = await companion()
    const token = await tokenOf(c, 'agent')
    const { response, body } = await evaluate(c, token, { key: 'a', wait: 1 })
    expect(body).toMatchObject({ decision: 'hold', hold_id: (await pending(c))[0]?.id })
    expect(response.headers.get('retry-after')).not.toBeNull()
    await decide(c, String(body.hold_id), 'approve')
    expect((await evaluate(c, token, { key: 'a' })).body).toMatchObject({ decision: 'allow' })
  })

  it('does not wait for what is decided at once, and honours at most a minute', async () => {
    const c = await companion({ mode: 'shadow' })
    const { response, body } = await evaluate(c, await tokenOf(c, 'agent'), { wait: 6000 })
    expect(body).toMatchObject({ decision: 'deny' })
    expect(response.headers.get('preference-applied')).toBe('wait=60')
  })

  it('lets go for nobody where the client has left', async () => {
    const c = await companion()
    const token = await tokenOf(c, 'agent')
    const left = new AbortController()
    const asked = evaluate(c, token, { key: 'a', wait: 30, signal: left.signal })
    const [hold] = await pending(c)
    await expect.poll(() => c.isWanted()).toBe(true)
    left.abort()
    await expect(asked).rejects.toThrow()
    // The end of the connection reaches the companion a moment later, and nobody listens then.
    await expect.poll(() => c.isWanted()).toBe(false)
    await decide(c, hold?.id ?? '', 'approve')
    expect(await released(c)).toBe(0)
    expect((await evaluate(c, token, { key: 'a' })).body).toMatchObject({ decision: 'allow' })
    expect(await released(c)).toBe(1)
  })

  it('never lets go twice, however many ask at once and whenever the verdict comes', async () => {
    const c = await companion()
    const token = await tokenOf(c, 'agent')
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ wait: fc.integer({ min: 0, max: 2 }), late: fc.boolean() }), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.constantFrom('approve' as const, 'deny' as const),
        async (asks, verdict) => {
          round += 1
          const key = `k${round}`
          const descriptor = sendTo(`p${round}@example.com`)
          const before = await released(c)
          const ask = ({ wait }: { wait: number }) => evaluate(c, token, { key, wait, descriptor })
          const early = asks.filter(({ late }) => !late).map(ask)
          const first = ask({ wait: 0 })
          const { hold_id } = EvaluateAnswer.parse((await first).body)
          await decide(c, hold_id ?? '', verdict)
          const answers = await Promise.all([...early, ...asks.filter((a) => a.late).map(ask)])
          const allowed = answers.filter(({ body }) => body.decision === 'allow').length
          expect(allowed).toBeLessThanOrEqual(1)
          expect((await released(c)) - before).toBe(allowed)
          if (verdict === 'deny') expect(allowed).toBe(0)
        },
      ),
      { numRuns: 12 },
    )
  }, 60_000)
})
