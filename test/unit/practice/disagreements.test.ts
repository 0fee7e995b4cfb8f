import { describe, expect, it } from 'vitest'
import { type Account, disagreements } from '#companion/practice/disagreements.ts'
import { rowOf, table } from '#companion/practice/table.ts'
import type { Received } from '#companion/practice/truth.ts'
import type { AuditEntry, AuditKind } from '#shared/protocol/audit-entry.ts'

const decision = (kind: 'allow' | 'hold' | 'deny', rules: string[] = []): AuditEntry =>
  entry('decision', {
    descriptor: { gesture: 'click' },
    decision: {
      kind,
      rules,
      reason: 'because',
      pattern: 'review-gate',
      mode: 'enforce',
      wouldNeed: [],
      policyVersion: '1',
    },
    classification: {
      capability: 'transact',
      category: 'financial',
      effect: 'irreversible',
      signals: [],
    },
  })
const verdict = (said: string) => entry('verdict', { verdict: said })
const release = entry('release', {})
const outcome = (state: string, path = '/refunds/4404/refund') =>
  entry('outcome', {
    audit: 'hp_1',
    evidence: {
      outcome: state,
      request: { method: 'POST', url: `http://site.test${path}`, kind: 'main_frame' },
    },
  })

function entry(kind: AuditKind, body: Record<string, unknown>): AuditEntry {
  const at = '2026-11-20T10:00:00.000Z'
  return {
    seq: 1,
    id: 'hp_1',
    at,
    kind,
    actor: 'x',
    hold: null,
    run: null,
    body,
    prev: '',
    hash: '',
  }
}

const refund: Received = {
  seq: 1,
  method: 'POST',
  path: '/refunds/4404/refund',
  what: 'refund',
  details: { order: 4404, amount: 1800 },
}
const autosave: Received = { ...refund, path: '/mail/drafts', what: 'draft autosaved', details: {} }

const approved: Account = {
  step: { name: 'refund', causes: { what: 'refund', details: { amount: 1800 } } },
  expected: { course: 'approve' },
  entries: [decision('hold'), verdict('approve'), release, outcome('done')],
  received: [refund],
  early: [],
  failure: null,
}
const refused: Account = {
  ...approved,
  expected: { course: 'refuse', reason: 'no' },
  entries: [decision('hold'), verdict('deny')],
  received: [],
}
const allowed: Account = {
  ...approved,
  expected: { course: 'allow', rule: 'tasks' },
  entries: [decision('allow', ['tasks']), outcome('done')],
}
const denied: Account = {
  ...refused,
  expected: { course: 'deny', rule: 'no-bulk' },
  entries: [decision('deny', ['no-bulk'])],
}
const passed: Account = {
  ...refused,
  step: { name: 'read', causes: null },
  expected: { course: 'pass' },
  entries: [],
}
const miss = (path: string) =>
  entry('miss', { request: { method: 'POST', url: `http://site.test${path}`, kind: 'fetch' } })
const autosaved = entry('decision', {
  ...decision('allow', ['drafts']).body,
  descriptor: {
    gesture: 'request',
    request: { method: 'POST', url: 'http://site.test/mail/drafts', kind: 'fetch' },
  },
})
const drafted: Account = {
  ...passed,
  step: { name: 'draft', causes: null, background: 'draft autosaved' },
  received: [autosave],
}

const noted: Account = {
  ...drafted,
  expected: { course: 'pass', noted: true },
  entries: [miss('/mail/drafts')],
}

/** Behind a gateway, where the mailbox's own writing is asked about, too. */
const letGo: Account = { ...drafted, entries: [autosaved, outcome('done', '/mail/drafts')] }

describe('disagreements', () => {
  it.each(Object.entries({ approved, refused, allowed, denied, passed, drafted, letGo, noted }))(
    'finds none where log and server agree: %s',
    (_, account) => {
      expect(disagreements(account)).toEqual([])
    },
  )

  it.each<[string, Account, RegExp]>([
    ['an effect before the verdict', { ...approved, early: [refund] }, /before anyone decided/],
    ['an approved action that never came', { ...approved, received: [] }, /received nothing/],
    ['an effect twice', { ...approved, received: [refund, refund] }, /refund \+ refund/],
    [
      'other terms than meant',
      { ...approved, received: [{ ...refund, details: { amount: 180000 } }] },
      /another refund/,
    ],
    [
      'an outcome that is not done',
      { ...approved, entries: [...approved.entries.slice(0, 3), outcome('unknown')] },
      /outcome unknown/,
    ],
    [
      'an outcome proved by another request',
      { ...approved, entries: [...approved.entries.slice(0, 3), outcome('done', '/mail/drafts')] },
      /proves it by POST \/mail\/drafts/,
    ],
    ['no outcome', { ...approved, entries: approved.entries.slice(0, 3) }, /outcome none/],
    ['no release', { ...approved, entries: [decision('hold'), verdict('approve')] }, /0 releases/],
    [
      'two prompts',
      { ...approved, entries: [decision('hold'), ...approved.entries] },
      /2 decisions/,
    ],
    ['a denied action that came', { ...refused, received: [refund] }, /received refund/],
    [
      'a denied action that was let go',
      { ...refused, entries: [...refused.entries, release] },
      /1 releases/,
    ],
    ['another decision', { ...refused, entries: [decision('allow'), verdict('deny')] }, /is allow/],
    [
      'another verdict',
      { ...refused, entries: [decision('hold'), verdict('approve')] },
      /verdict approve/,
    ],
    [
      'another rule',
      { ...allowed, entries: [decision('allow', ['x']), outcome('done')] },
      /`tasks`/,
    ],
    ['a rule that let it through', { ...denied, received: [refund] }, /received refund/],
    ['a read that was held', { ...passed, entries: [decision('hold')] }, /1 decisions \(hold\)/],
    ['a read with an effect', { ...passed, received: [refund] }, /received refund/],
    ['a read that the log calls a miss', { ...passed, entries: [miss('/x')] }, /miss, for POST/],
    ['a draft that the log calls a miss', { ...drafted, entries: [miss('/mail/drafts')] }, /miss/],
    [
      'a note of another request',
      { ...noted, entries: [miss('/mail/send')] },
      /for POST \/mail\/send/,
    ],
    ['a draft that was let go and never came', { ...letGo, received: [] }, /never received/],
    ['a draft that was not written', { ...drafted, received: [] }, /no draft autosaved/],
    [
      'a hold that was withdrawn',
      { ...refused, entries: [...refused.entries, entry('withdrawn', {})] },
      /withdrawn/,
    ],
    ['a step that did not end', { ...passed, failure: 'time is up' }, /time is up/],
  ])('finds %s', (_, account, sentence) => {
    expect(disagreements(account).join('\n')).toMatch(sentence)
  })
})

describe('table', () => {
  it('shows both sides of a step and marks where they disagree', () => {
    const rows = [rowOf(approved), rowOf({ ...refused, received: [refund] })]
    const lines = table(rows, (text) => `!${text}`).split('\n')
    expect(lines[2]).toMatch(/refund +transact irreversible +hold +approve +done +refund/)
    expect(lines[3]).toMatch(/^!✗ refund +transact irreversible +hold +deny +refund/)
    expect(lines[4]).toBe('!    the server received refund')
  })
})
