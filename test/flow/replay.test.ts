import { expect, it } from 'vitest'
import { judgementOf } from '#companion/core/read-judgement.ts'
import { decide } from '#shared/policy/decide.ts'
import { load } from '#shared/policy/load.ts'
import { MemoryHistory } from '#shared/policy/memory-history.ts'
import type { Policy } from '#shared/policy/policy.ts'
import { restrain } from '#shared/policy/restrain.ts'
import { stepOf } from '#shared/policy/step.ts'
import { EvaluateAnswer } from '#shared/protocol/api.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Mode } from '#shared/protocol/words.ts'
import { call, companion, newHome, sendTo } from './companion.ts'

const text = `version: 1
sites:
  - https://mail.example.com/**
  - { url: "https://watched.example.com/**", mode: observe }
  - { url: "https://shadow.example.com/**", mode: shadow }
rules:
  - id: mail
    effect: allow
    on: { capability: send, recipients: "*@example.com" }
    acknowledge: [communication]
    limit: [40/hour, 12/run]
  - { id: ops, effect: allow, on: { recipients: "*@ops.example" }, acknowledge: [communication], limit: 2/hour }
limits:
  - { max: 12/hour, by: agent }
ceilings: { run: 9, hour: 60, day: { capability: { send: 50 } } }
duplicates: { within: 1h, max: 3 }
`

/** The log's decisions, each as it is and as the policy makes it from what the log says before it. */
class Replay {
  readonly decisions: { was: Decision; is: Decision }[] = []
  steps = 0
  readonly #policy: Policy
  readonly #histories = new Map<Mode, MemoryHistory>()
  readonly #held = new Map<string, AuditEntry>()
  #newest = 0

  constructor(policy: Policy, entries: readonly AuditEntry[]) {
    this.#policy = policy
    for (const entry of entries)
      if (entry.kind === 'decision') this.#decided(entry)
      else if (entry.kind === 'release') this.#released(entry)
  }

  #decided(entry: AuditEntry): void {
    const { descriptor, classification, decision: was } = judged(entry)
    const wall = { now: Date.parse(entry.at), policyVersion: was.policyVersion }
    const facts = { ...wall, now: Math.max(wall.now, this.#newest) }
    const made = decide(this.#policy, descriptor, classification, wall)
    const history = this.#history(made.mode)
    const is = restrain(this.#policy, made, descriptor, classification, facts, history).decision
    this.decisions.push({ was, is })
    if (entry.hold !== null) this.#held.set(entry.hold, entry)
    const wouldGo = is.mode === 'shadow' && is.kind === 'allow'
    if (is.pattern !== 'read' && (entry.body.released === true || wouldGo))
      this.#step(is, descriptor, classification, entry)
  }

  #released(entry: AuditEntry): void {
    const held = this.#held.get(entry.hold ?? '')
    if (!held) throw new Error(`${entry.id} releases nothing that was held`)
    const { descriptor, classification, decision } = judged(held)
    this.#step(decision, descriptor, classification, entry)
  }

  #step(decision: Decision, d: Descriptor, c: Classification, { id, at }: AuditEntry): void {
    this.#newest = Math.max(Date.parse(at), this.#newest)
    const facts = { now: this.#newest, policyVersion: decision.policyVersion }
    this.#history(decision.mode).append(stepOf(this.#policy, decision, d, c, facts, id))
    this.steps += 1
  }

  #history(mode: Mode): MemoryHistory {
    const history = this.#histories.get(mode) ?? new MemoryHistory()
    this.#histories.set(mode, history)
    return history
  }
}

function judged(entry: AuditEntry) {
  const judgement = judgementOf(entry)
  if (!judgement) throw new Error(`${entry.id} has no judgement`)
  return judgement
}

/** An action somewhere among a few runs, agents, sites and recipients. */
function action(n: number): Descriptor {
  const host = ['mail', 'mail', 'mail', 'watched', 'shadow'][n % 5] ?? 'mail'
  const to = n % 7 === 0 ? 'cat@ops.example' : `person-${(n * 31) % 13}@example.com`
  const mail = sendTo(n % 11 === 0 ? 'eve@else.example' : to)
  const page = { ...mail.page, url: `https://${host}.example.com/compose` }
  const form = mail.form && { ...mail.form, action: `https://${host}.example.com/send` }
  const run = { id: `run-${n % 4}`, agent: `agent-${n % 3}` }
  return { ...mail, page, run, ...(form ? { form } : {}) }
}

it('the log, replayed, gives every decision again, over restarts and approvals', async () => {
  const loaded = load(text)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const home = newHome(text)
  const entries: AuditEntry[] = []
  for (let life = 0; life < 3; life++) {
    const c = await companion({ home })
    const ask = async (n: number, key: string) => {
      const auth = { authorization: `Bearer ${c.token}`, 'idempotency-key': key }
      const { body } = await call(c, 'POST', '/v1/evaluate', action(n), auth)
      return EvaluateAnswer.parse(body)
    }
    const numbers = Array.from({ length: 60 }, (_, n) => life * 60 + n)
    const answers = await Promise.all(numbers.map((n) => ask(n, `ask-${n}`)))
    for (const [index, { hold_id: hold }] of answers.entries()) {
      if (hold === undefined || index % 3 !== 0) continue
      await call(c, 'POST', `/v1/holds/${hold}/verdict`, { verdict: 'approve' })
      const n = numbers[index] ?? 0
      expect(await ask(n, `ask-${n}`)).toMatchObject({ decision: 'allow' })
    }
    entries.splice(0, Infinity, ...(await c.context.store.auditAfter(0, 10_000)))
    const steps = await c.context.store.stepsBefore(Number.MAX_SAFE_INTEGER, 10_000)
    const replay = new Replay(loaded.policy, entries)
    for (const { was, is } of replay.decisions) expect(is).toEqual(was)
    expect(replay.steps).toBe(steps.length)
    await c.stop()
  }
  // It is a replay of something: every restraint of the policy is in it.
  const patterns = new Set(
    entries.flatMap((entry) => (entry.kind === 'decision' ? [judged(entry).decision.pattern] : [])),
  )
  for (const one of ['allow-list', 'rate-limit', 'ceiling', 'duplicate'])
    expect([...patterns]).toContain(one)
})
