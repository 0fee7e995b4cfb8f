import * as z from 'zod/mini'

export const AuditKind = z.enum([
  'started',
  'stopped',
  'decision',
  'verdict',
  'release',
  'covered',
  'outcome',
  'expired',
  'withdrawn',
  'miss',
  'forgery',
  'refused',
  'policy',
  'paired',
  'run',
  /** A breaker was opened or closed. */
  'breaker',
  /** A person began to take back what was let go, or could not. */
  'undo',
  /** What was let go was taken back. */
  'undone',
  /** An undo recipe was tried out. */
  'undo-trial',
  /** A person has reviewed the policy. */
  'review',
  /** What was done on staging may be done on production, or no longer may. */
  'promotion',
  /** A person has accepted that a rule has earned its effect. */
  'earned',
])
export type AuditKind = z.infer<typeof AuditKind>

/** One link of the hash chain. `hash` = SHA-256 over the canonical JSON (RFC 8785) of every other
 * field; `prev` is the hash of the entry before, 64 zeros for the first. */
export const AuditEntry = z.strictObject({
  seq: z.int(),
  /** `hp_` and the sequence number. */
  id: z.string(),
  at: z.string(),
  kind: AuditKind,
  /** Who caused the entry: `extension:<browser>`, `supervisor`, `agent:<id>`, `companion`. */
  actor: z.string(),
  hold: z.nullable(z.string()),
  run: z.nullable(z.string()),
  /** Kind-specific facts; for `decision` the Descriptor, the Classification and the Decision. */
  body: z.record(z.string(), z.unknown()),
  prev: z.string(),
  hash: z.string(),
})
export type AuditEntry = z.infer<typeof AuditEntry>
