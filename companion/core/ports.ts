import type { Policy } from '#shared/policy/policy.ts'
import type { Role } from '#shared/protocol/access.ts'
import type { StreamEvent } from '#shared/protocol/api.ts'
import type { AuditEntry, AuditKind } from '#shared/protocol/audit-entry.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import type { Answer, FromCompanion, GateSettings } from '#shared/protocol/link.ts'
import type { Capability, Category, HoldState, OutcomeState } from '#shared/protocol/words.ts'
import type { OversightTx, StepTx, StoredPromotion } from './step-ports.ts'

/** Everything the core needs of the world. Adapters implement it; the core imports none of them. */

export interface Clock {
  /** Wall clock, ms since the epoch: for what people read. */
  now(): number
  /** Never goes back, in ms: for deadlines, which a moved wall clock must not stretch. */
  monotonic(): number
  /** Calls `run` once after `ms`. The returned function cancels. */
  after(ms: number, run: () => void): () => void
}

export interface Ids {
  /** A new unguessable id, `<prefix>_...`. */
  next(prefix: string): string
  /** 256 random bits, base64url. */
  secret(): string
  /** A code of six digits. */
  code(): string
}

/** What is known of an action that its page cannot tell, by context provider. */
export type ContextFacts = Readonly<Record<string, unknown>>

/** Asks the policy's context providers about an action. Null where there is nothing to ask, so that
 * nobody waits. Never rejects: a provider that failed is missing, and its facts are unknown. */
export type AskContext = (d: Descriptor, c: Classification) => Promise<ContextFacts> | null

/** The policy in force. */
export interface PolicySource {
  /** Compiled, with the people of its file filled in. */
  current(): Policy
  decide(d: Descriptor, c: Classification, now: number, context?: ContextFacts): Decision
  /** How long a hold waits for a person, in ms; one of a batch waits longer. */
  expiry(batch?: boolean): number
  settings(now: number): GateSettings
  version(): string
  /** Whether even a plain GET of this address changes something (`side_effects`). */
  sideEffects(url: string): boolean
  /** The patterns of `side_effects`, as they are written. */
  sideEffectPatterns(): readonly string[]
}

/** Who is told. Neither call may throw: what is already durable does not fail for want of a listener. */
export interface Bus {
  /** To every supervisor. */
  publish(event: StreamEvent): void
  /** To the one door that asked, and to nobody else: the message may carry a ticket. */
  tell(asker: string, message: FromCompanion): void
}

/** An audit entry before it is a link of the chain. */
export type Draft = Omit<AuditEntry, 'seq' | 'id' | 'prev' | 'hash'>

/** The last link of the chain: its number and hash. Number 0 with 64 zeros is the empty chain. */
export interface Head {
  seq: number
  hash: string
}

/** Makes a draft the next link after `head`. `body` is its canonical JSON, to be stored as it is. */
export type Seal = (head: Head, draft: Draft) => { entry: AuditEntry; body: string }

/** A stored entry as its bytes are, for verification; `intact` is false where a search column no
 * longer says what the entry says. */
export interface Link extends Head {
  id: string
  at: string
  kind: string
  actor: string
  hold: string | null
  run: string | null
  body: string
  prev: string
  intact: boolean
}

export interface StoredHold {
  hold: Hold
  /** Id of the token that asked; only it may redeem. */
  asker: string
  /** SHA-256 of the ticket that releases it, and until when (ms since the epoch). */
  ticket: { hash: string; until: number } | null
  /** Audit id of the verdict. */
  verdictAudit: string | null
}

/** Which holds to list. `released` tells approved ones that were let go from those that still wait. */
export interface HoldQuery {
  state?: HoldState | undefined
  released?: boolean | undefined
  limit: number
}

/** Holds, newest first. A stored one that does not parse any more is only counted: it cannot move, so
 * it stays held, and it does not take the others with it. */
export interface HoldList {
  holds: Hold[]
  unreadable: number
}

/** What an ask came to, kept so that the same id never acts twice. */
export interface Ask {
  requestId: string
  asker: string
  at: string
  /** Null where the answer is the state of `hold`, or where it was let go. */
  answer: Answer | null
  hold: string | null
  /** Audit id under which the action was let go. */
  release: string | null
  outcome: OutcomeState | null
  /** Hash of what an approval would bind: the same action has the same digest. */
  digest: string
  /** Let go, and nobody knows whether it happened: a person decides on the next such action. */
  doubt: boolean
}

export interface Token {
  id: string
  name: string
  role: Role
  /** SHA-256 of the secret half. */
  hash: string
  createdAt: string
  revokedAt: string | null
}

/** A browser that was paired, by the token it holds. */
export interface Pairing {
  token: string
  name: string
  origin: string
  pairedAt: string
  lastSeen: string | null
}

/** One unit of work. Reads see earlier writes of the same batch; if `work` throws, none of its own
 * writes stay. */
export interface Tx extends StepTx, OversightTx {
  append(draft: Draft): AuditEntry
  /** The last link of the chain, with what this batch has appended. */
  head(): Head
  hold(id: string): StoredHold | null
  putHold(stored: StoredHold): void
  ask(requestId: string): Ask | null
  askByRelease(auditId: string): Ask | null
  putAsk(ask: Ask): void
  /** Whether any action is in doubt since `since` (ISO 8601). */
  anyDoubt(since: string): boolean
  /** Whether an action of this digest is in doubt since `since` (ISO 8601). */
  inDoubt(digest: string, since: string): boolean
  clearDoubt(digest: string): void
  putToken(token: Token): void
  putPairing(pairing: Pairing): void
  setting(key: string): string | null
  putSetting(key: string, value: string | null): void
}

export interface AuditQuery {
  kind?: AuditKind | undefined
  decision?: string | undefined
  category?: Category | undefined
  capability?: Capability | undefined
  host?: string | undefined
  run?: string | undefined
  /** Part of a host. */
  site?: string | undefined
  /** Words, each of which must begin a word of the entry. */
  q?: string | undefined
  /** False leaves out the reads that passed: most of what an agent does, and nothing of its doing. */
  reads?: boolean | undefined
  /** Only entries with a lower number; newest first. */
  before?: number | undefined
  limit: number
}

/** How many entries of a kind; `decision` and `mode` are empty where the kind has none. */
export interface Count {
  kind: string
  decision: string
  mode: string
  count: number
}

export interface RunCount {
  id: string
  entries: number
  firstAt: string
  lastAt: string
  /** As its first decision calls it; null where it says nothing, or none was made. */
  name: string | null
  agent: string | null
}

export interface Store {
  /** Runs `work` in the next transaction and resolves once it is durable. Rejects, with nothing
   * kept, when it throws or cannot be made durable. */
  write<T>(work: (tx: Tx) => T): Promise<T>
  holds(query: HoldQuery): Promise<HoldList>
  hold(id: string): Promise<StoredHold | null>
  pending(): Promise<number>
  /** Holds that can still move: pending, or approved and not released. One that does not parse any
   * more is left out. */
  openHolds(): Promise<StoredHold[]>
  /** Let go since `since` (ISO 8601) without a known outcome. */
  unresolved(since: string): Promise<Ask[]>
  audit(query: AuditQuery): Promise<AuditEntry[]>
  /** Entries after number `seq`, oldest first. */
  auditAfter(seq: number, limit: number): Promise<AuditEntry[]>
  entry(id: string): Promise<AuditEntry | null>
  /** Everything recorded of a hold or of the ask that `entry` answered, oldest first. */
  trace(entry: AuditEntry): Promise<AuditEntry[]>
  counts(since: string): Promise<Count[]>
  /** Runs with entries, the newest first. */
  runs(limit: number): Promise<RunCount[]>
  run(id: string): Promise<RunCount | null>
  /** Entries of kind `run` of these runs, oldest first. */
  runEntries(ids: readonly string[]): Promise<AuditEntry[]>
  /** Holds of each run that are pending, by its id. */
  heldByRun(): Promise<ReadonlyMap<string, number>>
  /** Numbers of the newest steps before number `before`. */
  stepsBefore(before: number, limit: number): Promise<number[]>
  /** The newest first. */
  promotions(limit: number): Promise<StoredPromotion[]>
  tokens(): Promise<Token[]>
  pairings(): Promise<Pairing[]>
  setting(key: string): Promise<string | null>
  head(): Head
  /** Raw links after number `seq`, oldest first, for verification. */
  links(seq: number, limit: number): Promise<Link[]>
  close(): Promise<void>
}
