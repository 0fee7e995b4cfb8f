import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { createParser } from 'eventsource-parser'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Companion } from '#companion/commands/start-companion.ts'
import { startCompanion } from '#companion/commands/start-companion.ts'
import { IssuedToken } from '#shared/protocol/access.ts'
import { AuditPage, EvaluateAnswer, PolicyView, Status, StreamEvent } from '#shared/protocol/api.ts'
import { call, companion, newHome, sendClick, sendTo, worker } from './companion.ts'

/** Follows the event stream; `next` waits for the first event that is `wanted`. */
async function follow(c: Companion, last?: number) {
  const over = new AbortController()
  onTestFinished(() => over.abort())
  const headers = {
    authorization: `Bearer ${c.token}`,
    ...(last === undefined ? {} : { 'last-event-id': String(last) }),
  }
  const response = await fetch(`${c.url}/v1/events`, { headers, signal: over.signal })
  const seen: StreamEvent[] = []
  let wake: (() => void) | undefined
  const parser = createParser({
    onEvent({ data }) {
      seen.push(StreamEvent.parse(JSON.parse(data)))
      wake?.()
    },
  })
  const decoder = new TextDecoder()
  const read = async () => {
    for await (const chunk of response.body ?? []) parser.feed(decoder.decode(chunk))
  }
  read().catch(() => undefined)
  const next = async (wanted: (event: StreamEvent) => boolean) => {
    for (;;) {
      const found = seen.find(wanted)
      if (found) return found
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return { seen, next }
}

const allowAll = `version: 1
rules:
  - id: mail
    effect: allow
    on: { capability: send }
    acknowledge: [communication]
`

describe('the policy file', () => {
  it('is in force as soon as it is saved, and a mistake leaves the last good one', async () => {
    const home = newHome()
    const c = await companion({ home })
    const browser = await worker(c)
    const events = await follow(c)
    expect((await browser.ask(sendClick())).state).toBe('held')
    writeFileSync(join(home, 'holdpoint.yaml'), allowAll)
    const loaded = await events.next((event) => event.event === 'policy')
    expect(loaded).toMatchObject({ ok: true })
    expect((await browser.ask(sendTo('bob@example.com'))).state).toBe('go')
    writeFileSync(join(home, 'holdpoint.yaml'), `${allowAll}oops: 1\n`)
    await events.next((event) => event.event === 'policy' && !event.ok)
    const view = PolicyView.parse((await call(c, 'GET', '/v1/policy')).body)
    expect(view.problems).toMatchObject([{ line: 7 }])
    expect(view.rules.map(({ id }) => id)).toEqual(['mail'])
    expect(Status.parse((await call(c, 'GET', '/v1/status')).body).policyOk).toBe(false)
    expect((await browser.ask(sendTo('cy@example.com'))).state).toBe('go')
    const { entries } = AuditPage.parse((await call(c, 'GET', '/v1/audit?kind=policy')).body)
    expect(entries.map(({ body }) => body.ok)).toEqual([false, true])
  })

  it('that is broken at the first start holds everything', async () => {
    const c = await companion({ policyText: 'version: 1\nrulez: []\n' })
    const browser = await worker(c)
    expect((await browser.ask(sendClick())).state).toBe('held')
  })

  it('gets a mode from the dashboard, keeps its comments, and tells the browsers', async () => {
    const home = newHome(`# ours\n${allowAll}`)
    const c = await companion({ home })
    const browser = await worker(c)
    const from = browser.messages.length
    const answer = await call(c, 'PUT', '/v1/policy/mode', { site: null, mode: 'shadow' })
    expect(PolicyView.parse(answer.body)).toMatchObject({ mode: 'shadow' })
    expect(PolicyView.parse(answer.body).text).toContain('# ours')
    const pushed = await browser.message((m): m is typeof m => m.type === 'settings', from)
    expect(pushed).toMatchObject({ settings: { mode: 'shadow' } })
    expect((await browser.ask(sendClick())).state).toBe('shadowed')
    const bad = await call(c, 'PUT', '/v1/policy/mode', { site: 'nonsense', mode: 'shadow' })
    expect(bad.status).toBe(422)
  })
})

describe('events', () => {
  it('replays what was missed after Last-Event-ID, once each, and goes on', async () => {
    const c = await companion()
    const browser = await worker(c)
    await browser.ask(sendClick())
    const events = await follow(c, 1)
    await browser.ask(sendClick())
    await events.next((e) => e.event === 'hold')
    const seqs = events.seen.flatMap((e) => (e.event === 'audit' ? [e.entry.seq] : []))
    expect(seqs).toEqual(seqs.map((_seq, at) => at + 2))
  })
})

describe('evaluate', () => {
  async function agent(c: Companion) {
    const made = await call(c, 'POST', '/v1/tokens', { name: 'bot', role: 'agent' })
    const { token } = IssuedToken.parse(made.body)
    return async (key: string, descriptor = sendClick()) => {
      const headers = { authorization: `Bearer ${token}`, 'idempotency-key': key }
      return await call(c, 'POST', '/v1/evaluate', descriptor, headers)
    }
  }

  it('holds, and gives an approved action its one allow', async () => {
    const c = await companion()
    const evaluate = await agent(c)
    const held = EvaluateAnswer.parse((await evaluate('k1')).body)
    expect(held).toMatchObject({ decision: 'hold', mode: 'enforce' })
    expect(EvaluateAnswer.parse((await evaluate('k1')).body)).toEqual(held)
    await call(c, 'POST', `/v1/holds/${held.hold_id}/verdict`, { verdict: 'approve' })
    expect(await evaluate('k1', sendTo('mallory@example.org'))).toMatchObject({
      status: 409,
      body: { code: 'terms_changed' },
    })
    expect((await evaluate('k1')).body).toMatchObject({ decision: 'allow' })
    expect(await evaluate('k1')).toMatchObject({ status: 409, body: { code: 'already_released' } })
  })

  it('knows the agent by its token, whatever the body says', async () => {
    const c = await companion({ policyText: allowAll })
    const evaluate = await agent(c)
    const answer = await evaluate('k1', sendClick({ door: 'gateway', provenance: 'human' }))
    expect(answer.body).toMatchObject({ decision: 'allow', rules: ['mail'] })
    const { entries } = AuditPage.parse((await call(c, 'GET', '/v1/audit?kind=decision')).body)
    expect(entries[0]).toMatchObject({
      actor: 'agent:bot',
      body: { descriptor: { door: 'api', provenance: 'agent' } },
    })
  })
})

it('the log leaves out the reads that passed where it is asked to', async () => {
  const c = await companion()
  const browser = await worker(c)
  await browser.ask(sendClick())
  const look = { ...sendClick(), target: { ...sendClick().target, name: 'Close', type: 'button' } }
  const { form: _, ...read } = look
  await browser.ask({ ...read, terms: { amounts: [], recipients: [], rows: null } })
  const answers = async (query: string) => {
    const { body } = await call(c, 'GET', `/v1/audit?kind=decision${query}`)
    return AuditPage.parse(body).entries.map((entry) => entry.body.answer)
  }
  expect(await answers('')).toEqual(['go', 'held'])
  expect(await answers('&reads=1')).toEqual(['go', 'held'])
  expect(await answers('&reads=0')).toEqual(['held'])
})

describe('a log that was cut off', () => {
  it('is found at the start, holds everything, and stays provable', async () => {
    const home = newHome(allowAll)
    const first = await startCompanion({ home, port: 0 })
    const browser = await worker(first)
    await browser.ask(sendClick())
    await first.stop()
    const db = new Database(join(home, 'holdpoint.db'))
    db.exec('DELETE FROM audit WHERE seq > 3')
    db.close()
    for (let start = 0; start < 2; start++) {
      const c = await startCompanion({ home, port: 0 })
      const status = Status.parse((await call(c, 'GET', '/v1/status')).body)
      expect(status.breaker).toMatchObject({ open: true })
      const again = await worker(c)
      expect((await again.ask(sendTo(`s${start}@example.com`), `s${start}`)).state).toBe('held')
      await c.stop()
    }
  })
})
