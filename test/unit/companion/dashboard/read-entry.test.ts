import { describe, expect, it } from 'vitest'
import { csvOf } from '#companion/commands/csv.ts'
import { lookOfKind, saysOfKind } from '#companion/dashboard/kind-words.ts'
import { readEntry } from '#companion/dashboard/read-entry.ts'
import { scopeSays } from '#companion/dashboard/scope-words.ts'
import { type AuditEntry, AuditKind } from '#shared/protocol/audit-entry.ts'

function entry(kind: AuditKind, body: AuditEntry['body']): AuditEntry {
  const chain = { prev: '0'.repeat(64), hash: 'f'.repeat(64) }
  const at = '2026-11-21T09:00:00.000Z'
  return {
    seq: 7,
    id: 'hp_7',
    at,
    kind,
    actor: 'supervisor',
    hold: null,
    run: null,
    body,
    ...chain,
  }
}

function read(kind: AuditKind, body: AuditEntry['body']): string {
  const { word, says } = readEntry(entry(kind, body))
  const text = says.map((part) => (typeof part === 'string' ? part : part.page)).join('')
  return `${word}: ${text}`
}

describe('entries of the log in words', () => {
  it('every kind has a word and a sentence of its own', () => {
    const words = AuditKind.options.map((kind) => lookOfKind(kind).word)
    expect(words.filter((word, at) => word === AuditKind.options[at])).toEqual([])
    expect(AuditKind.options.map(saysOfKind)).not.toContain('Something was recorded')
  })

  const by = { by: 'ana' }
  it.each<[AuditKind, AuditEntry['body'], string]>([
    [
      'breaker',
      { scope: 'rule mail', change: 'opened', reason: '5 of 50 failed' },
      'Breaker opened: What rule mail would allow is held from now on: 5 of 50 failed',
    ],
    [
      'breaker',
      { scope: 'policy', change: 'closed', reason: 'looked into', ...by },
      'Breaker closed: Everything goes on as the policy says; closed by ana: “looked into”',
    ],
    [
      'undo',
      { audit: 'hp_3', recipe: 'unsend', state: 'begun', ...by },
      'Undoing: ana began to take back hp_3 by recipe unsend',
    ],
    [
      'undo',
      { audit: 'hp_3', recipe: 'unsend', state: 'failed', why: 'no button' },
      'Not undone: Could not take back hp_3 by recipe unsend: “no button”',
    ],
    [
      'undone',
      { audit: 'hp_3', how: 'recipe unsend', ...by },
      'Undone: Taken back by ana: “recipe unsend”',
    ],
    [
      'undo-trial',
      { recipe: 'unsend', ok: true, ...by },
      'Undo tried: Recipe unsend works, tried by ana',
    ],
    [
      'undo-trial',
      { recipe: 'unsend', ok: false, ...by },
      'Undo failed: Recipe unsend did not work, tried by ana',
    ],
    ['review', { note: 'fine', ...by }, 'Reviewed: The policy was looked over by ana: “fine”'],
    [
      'promotion',
      { change: 'promoted', entries: ['hp_1', 'hp_2'], note: 'same', ...by },
      'Promoted: 2 staged actions may be done once on production, by ana: “same”',
    ],
    [
      'promotion',
      { change: 'revoked', entries: ['hp_1'], reason: 'stale', ...by },
      'Revoked: One staged action may not be done on production after all, by ana: “stale”',
    ],
    [
      'earned',
      { rule: 'mail', note: 'ok then', ...by },
      'Earned: Rule mail goes by itself from now on, by ana: “ok then”',
    ],
    [
      'refused',
      { code: 'own_run', reason: 'x', ...by },
      'Not taken: A verdict by ana, who started that run, was not taken',
    ],
    [
      'verdict',
      {
        ...{ verdict: 'approve', role: 'lead', surface: 'dashboard', from: '127.0.0.1' },
        ...{ reason: 'checked', approvals: '1 of 2' },
      },
      'Approved: by supervisor · as lead · in the dashboard · from 127.0.0.1 · 1 of 2 · “checked”',
    ],
  ])('%s %#', (kind, body, says) => {
    expect(read(kind, body)).toBe(says)
  })

  it('an entry of a newer companion is shown, and exported', () => {
    const odd = entry('breaker', { change: 12, scope: ['x'], reason: null })
    expect(readEntry(odd).word).toBe('Breaker opened')
    expect(csvOf(odd)).toContain('"{""change"":12,""scope"":[""x""],""reason"":null}"')
  })
})

describe('scopeSays', () => {
  it.each([
    ['policy', 'Everything'],
    ['rule a b', 'What rule a b would allow'],
    ['site crm.example.com', 'Everything on crm.example.com'],
    ['odd', 'odd'],
  ])('%s', (scope, says) => {
    expect(scopeSays(scope)).toBe(says)
  })
})
