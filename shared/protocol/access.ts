import * as z from 'zod/mini'
import { AuditEntry } from './audit-entry.ts'
import { Mode } from './words.ts'

/** What the bearer of a token may do: `supervisor` everything (dashboard, command line), `link` the
 * extension's WebSocket, `agent` only `POST /v1/evaluate`. */
export const Role = z.enum(['supervisor', 'link', 'agent'])
export type Role = z.infer<typeof Role>

/** A token as it may be shown: never its secret. Times are ISO 8601 in UTC. */
export const TokenInfo = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: Role,
  createdAt: z.string(),
  revokedAt: z.nullable(z.string()),
})
export type TokenInfo = z.infer<typeof TokenInfo>

export const TokenPage = z.strictObject({ tokens: z.array(TokenInfo) })
export type TokenPage = z.infer<typeof TokenPage>

/** Body of `POST /v1/tokens`; `link` tokens come from pairing only. */
export const NewToken = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  role: z.enum(['agent', 'supervisor']),
})
export type NewToken = z.infer<typeof NewToken>

/** The one time that a token's secret is shown. */
export const IssuedToken = z.strictObject({ token: z.string(), info: TokenInfo })
export type IssuedToken = z.infer<typeof IssuedToken>

/** Answer of `POST /v1/pair/code`; `url` is the extension page that pairs without a further click. */
export const PairCode = z.strictObject({ code: z.string(), url: z.string(), expiresAt: z.string() })
export type PairCode = z.infer<typeof PairCode>

/** Body of `PUT /v1/policy/mode`; `site` null sets the mode of the whole policy. */
export const ModeBody = z.strictObject({
  site: z.nullable(z.string().check(z.minLength(1), z.maxLength(2000))),
  mode: Mode,
})
export type ModeBody = z.infer<typeof ModeBody>

/** Answer of `GET /v1/audit/:id`: the entry and everything recorded of the same action, in order.
 * `last`: it is the newest entry of the chain. */
export const AuditTrace = z.strictObject({
  entry: AuditEntry,
  trace: z.array(AuditEntry),
  last: z._default(z.boolean(), false),
})
export type AuditTrace = z.infer<typeof AuditTrace>
