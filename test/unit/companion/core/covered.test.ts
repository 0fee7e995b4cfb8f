import { describe, expect, it } from 'vitest'
import { recordCovered } from '#companion/core/facts.ts'
import { ask } from '#companion/core/intake.ts'
import { readEntry } from '#companion/dashboard/read-entry.ts'
import { bench, decision, descriptor, me } from '../bench.ts'

const request = { method: 'POST', url: 'https://app.example.com/save', kind: 'fetch' }

describe('a request that goes on under an input', () => {
  it('is recorded with the release that it belongs to', async () => {
    const b = await bench()
    b.says.decision = decision('allow')
    const asked = await ask(b.context, { id: 'r1', descriptor: descriptor(), asker: me })
    const audit = asked.answer.state === 'go' ? asked.answer.audit : ''
    const answer = await recordCovered(b.context, { audit, request, rule: 'listener' }, me, 'run_1')
    expect(answer.state).toBe('recorded')
    const entry = b.store.entries.at(-1)
    expect(entry).toMatchObject({
      kind: 'covered',
      run: 'run_1',
      body: { requestId: 'r1', audit, rule: 'listener', request },
    })
    expect(entry && readEntry(entry)).toMatchObject({
      word: 'Covered',
      says: [{ page: 'sent by what listens to this input · POST https://app.example.com/save' }],
    })
  })

  it("is not tied to another door's release", async () => {
    const b = await bench()
    b.says.decision = decision('allow')
    await ask(b.context, { id: 'r1', descriptor: descriptor(), asker: me })
    const audit = b.store.entries.at(-1)?.id ?? ''
    const other = { id: 'gateway:run_9', actor: 'agent:other' }
    await recordCovered(b.context, { audit, request, rule: 'form' }, other, null)
    expect(b.store.entries.at(-1)?.body).toEqual({ audit, request, rule: 'form' })
  })

  it('is refused where it cannot be recorded', async () => {
    const b = await bench()
    b.store.failing = new Error('the disk is full')
    const answer = await recordCovered(b.context, { audit: null, request, rule: 'form' }, me, null)
    expect(answer.state).toBe('refused')
  })
})
