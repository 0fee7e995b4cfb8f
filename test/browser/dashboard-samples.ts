import { createHash } from 'node:crypto'
import type { PolicyView, Status } from '#shared/protocol/api.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Run } from '#shared/protocol/run.ts'
import { hold, holds, type Partly, POLICY_VERSION } from './dashboard-holds.ts'

/** Entries of the log, oldest first: thirty decisions, some with all that followed. */
export function entries(): AuditEntry[] {
  const list: AuditEntry[] = []
  let prev = '0'.repeat(64)
  const add = (
    kind: AuditEntry['kind'],
    actor: string,
    body: AuditEntry['body'],
    about?: string,
  ) => {
    const seq = list.length + 1
    const hash = createHash('sha256').update(`${prev}${seq}`).digest('hex')
    const at = new Date(Date.now() - 7_200_000 + seq * 61_000).toISOString()
    const run = kind === 'decision' ? 'run_1' : null
    list.push({ seq, id: `hp_${seq}`, at, kind, actor, hold: about ?? null, run, body, prev, hash })
    prev = hash
  }
  add('started', 'companion', { version: '0.1.0' })
  add('policy', 'companion', {
    file: '/home/ana/.holdpoint/holdpoint.yaml',
    version: POLICY_VERSION,
  })
  add('paired', 'supervisor', { name: 'Chromium' })
  const kinds = holds()
  for (let n = 0; n < 30; n++) {
    const { descriptor, classification, decision } = kinds[n % 5] ?? hold('hold_1', 1)
    const kind = (['hold', 'allow', 'deny'] as const)[n % 3] ?? 'hold'
    const about = kind === 'hold' ? `held_${n}` : undefined
    const answer = { hold: 'held', allow: 'go', deny: 'denied' }[kind]
    const mode = n % 7 === 6 ? 'shadow' : 'enforce'
    add(
      'decision',
      'extension:Chromium',
      { descriptor, classification, decision: { ...decision, kind, mode }, answer },
      about,
    )
    if (kind !== 'hold') continue
    const verdict = n % 2 === 0 ? 'approve' : 'deny'
    add(
      'verdict',
      'supervisor',
      {
        verdict,
        surface: 'dashboard',
        ...(verdict === 'deny' ? { reason: 'Wrong recipient' } : {}),
      },
      about,
    )
    if (verdict === 'deny') continue
    add('release', 'extension:Chromium', {}, about)
    add(
      'outcome',
      'extension:Chromium',
      {
        evidence: {
          outcome: 'done',
          status: 201,
          request: {
            method: 'POST',
            url: 'https://dashboard.stripe.com/v1/refunds',
            kind: 'fetch',
          },
        },
      },
      about,
    )
  }
  add('forgery', 'extension:Chromium', { reason: 'a script pressed Approve in the overlay' })
  return list
}

export function status(parts: Partly<Status> = {}): Status {
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
  return {
    version: '0.1.0',
    mode: 'enforce',
    policyVersion: POLICY_VERSION,
    policyOk: true,
    startedAt: ago(300),
    home: '/home/ana/.local/share/holdpoint',
    pending: 6,
    runs: { live: 0, paused: 0 },
    browsers: [
      { name: 'Chromium', pairedAt: ago(290), connected: true, lastSeen: ago(0) },
      {
        name: 'Firefox on the test machine',
        pairedAt: ago(4000),
        connected: false,
        lastSeen: ago(1500),
      },
    ],
    chain: { ok: true, entries: 12_403, checkedAt: ago(2), problem: null },
    breaker: { open: false, reason: null, scopes: [] },
    reviews: [],
    you: 'supervisor',
    day: {
      allow: 212,
      hold: 31,
      deny: 4,
      shadow: 12,
      observe: 0,
      approved: 22,
      denied: 6,
      miss: 1,
      forgery: 0,
    },
    ...parts,
  }
}

const TEXT = `version: 1
mode: enforce
scope: Answer support mail, refund small amounts. No bulk deletes.
sites:
  - https://dashboard.stripe.com/**
  - { url: https://mail.example.com/**, mode: shadow, until: 2027-01-31 }
rules:
  - id: small-refunds          # what support may do alone
    effect: allow
    on: { capability: transact, verb: refund, amount: { max: 50 USD } }
    acknowledge: [financial]
  - id: no-bulk-delete
    effect: deny
    on: { capability: delete }
    if: terms.rows > 10
    tell: "Bulk deletes are done by the data team."
`

export function policy(parts: Partly<PolicyView> = {}): PolicyView {
  return {
    file: '/home/ana/.config/holdpoint/holdpoint.yaml',
    text: TEXT,
    version: POLICY_VERSION,
    mode: 'enforce',
    scope: 'Answer support mail, refund small amounts. No bulk deletes.',
    sites: [
      { url: 'https://dashboard.stripe.com/**', mode: 'enforce', until: null },
      { url: 'https://mail.example.com/**', mode: 'shadow', until: '2027-01-31' },
    ],
    rules: [
      {
        id: 'small-refunds',
        effect: 'allow',
        says: 'Refunds of at most 50 USD go ahead without a person.',
        line: 8,
      },
      {
        id: 'no-bulk-delete',
        effect: 'deny',
        says: 'Deleting is forbidden where more than 10 records are touched.',
        line: 12,
      },
    ],
    says: [
      'What only reads always passes.',
      'On sites that are not named here, every action is held.',
      'A deny rule wins over a hold rule, and a hold rule over an allow rule; the order of rules never matters.',
      'Communication, financial, personnel, legal and deletion are always put to a person unless an allow rule acknowledges the category.',
      'Everything else is held.',
    ],
    problems: [],
    ...parts,
  }
}

/** A run that is live, `minutes` old; any part of it can be replaced. */
export function run(id: string, minutes: number, parts: Partly<Run> = {}): Run {
  return {
    ...{ id, name: 'support-bot', agent: 'support', client: 'playwright-mcp', state: 'live' },
    ...{ takeover: false, startedAt: new Date(Date.now() - minutes * 60_000).toISOString() },
    ...{ endedAt: null, held: 0, entries: 48 },
    ...parts,
  }
}

/** Two agents at work, and some that have been. */
export function runs(): Run[] {
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
  return [
    run('run_1', 12, { held: 1 }),
    run('run_2', 47, {
      name: 'Nachtschicht: Auftragsbestätigungen und Lieferantenrahmenverträge',
      agent: 'einkauf',
      client: 'puppeteer',
      state: 'paused',
      entries: 1204,
    }),
    run('run_3', 300, { name: 'nightly import', state: 'ended', endedAt: ago(250) }),
    run('run_4', 420, {
      name: 'cleanup',
      agent: 'crm',
      client: 'selenium',
      state: 'killed',
      endedAt: ago(418),
      entries: 9,
    }),
    run('run_5', 2000, { name: 'side panel', client: null, state: 'ended', endedAt: ago(1990) }),
  ]
}
